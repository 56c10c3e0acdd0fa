"""The application server: how requests reach Django, and how responses are sent to clients.

An event loop (`application`) reads requests and sends responses. Threads (`lanes`) run Django for quick requests.
Processes (`jobs`) run it for slow ones and write files (`answer_files`) that the event loop sends.
"""
