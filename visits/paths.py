"""What addresses of visits hold besides numbers."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class TopicConverter(StringConverter):
    """A category's name; none holds NUL, which PostgreSQL would refuse with an error."""

    regex = r"[^/\x00]+"


register_converter(TopicConverter, "topic")
