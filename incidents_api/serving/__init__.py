"""The application server: how requests reach Django, and how responses are sent to clients.

An event loop (`application`) reads requests and sends answers; threads (`lanes`) run Django for what is quick; for what
is dear, processes (`jobs`) run it and write files (`answer_files`) that the event loop sends.
"""
