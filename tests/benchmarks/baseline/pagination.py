"""Stock pagination."""

from rest_framework.pagination import LimitOffsetPagination


class Pagination(LimitOffsetPagination):
    """Pages by offset, each with the count of all."""

    default_limit = 100
    max_limit = 1000
