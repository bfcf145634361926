"""The web server: pages, HTTP API and MCP tools, with no logic that a user of the command line would miss.

View: ``shelf`` (the current library), ``markup`` (HTML and its words in two languages), ``controls`` (of all pages),
``evidence`` and ``chat`` (HTML of answers), ``conversations``, ``ask_layout``, ``ask_page``, ``page`` and the other pages.
For programs: ``api``. Access: ``users``, ``tokens``, ``login``. Every request passes ``guard`` (``addresses``,
``limits``) and ``border``. ``application`` wires all, ``serve`` runs it.
"""
