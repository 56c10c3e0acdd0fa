"""The baseline's probe."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase


class Alive:
    """Answers /healthz before everything else, as our probes do, which look at tables that the baseline lacks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the probe, or pass the request on."""
        if request.path_info == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        return self.get_response(request)
