"""The web server: pages, HTTP API and MCP tools, with no logic that a user of the command line would miss.

View: ``shelf`` (the current library), ``markup`` (HTML and its words in two languages), ``answers`` and
``evidence`` (HTML of answers), ``chat`` (a conversation), ``ui`` (what the pages share) and the single
pages. For programs: ``api``. Access: ``users``, ``login``. Every request passes ``guard``
(``addresses``) and ``border`` (``bodies``). ``application`` wires all, ``serve`` runs it.
"""
