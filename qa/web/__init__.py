"""The web server: pages, HTTP API and MCP tools, with no logic that a user of the command line would miss.

View: ``shelf`` (the current library), ``words`` (translations), ``evidence`` and ``chat`` (HTML of answers),
``conversations``, ``verdicts``, ``ask_layout``, ``ask_page``, ``page`` and the other pages. For programs: ``api``,
``mcp_server``. Access: ``users``, ``tokens``, ``login``, ``people``, ``audit``. Every request passes ``middleware``,
``guard`` (``hosts``, ``routes``, ``limits``) and ``border``. ``application`` wires all, ``serve`` runs it.
"""
