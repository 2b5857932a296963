"""temporary"""

from django.http import HttpResponse

from accounts.access import public


@public
def sign_in(request):
    return HttpResponse("x")


@public
def sign_out(request):
    return HttpResponse("x")


def locked_out(request, credentials=None, *a, **k):
    return HttpResponse("locked", status=429)
