"""Which frame a page of one's own stands in: the desktop's, the phone's, or none."""

from accounts.middleware import PostRequest, unfinished_step

DESKTOP, PHONE, BARE = "base.html", "base_phone.html", "base_bare.html"


def layout(request: PostRequest) -> str:
    """Return the template that a page of one's own account extends.

    Representatives have the phone's pages. Who still has something to do before he
    may go on gets a page without navigation: no link of it would work yet.
    """
    if request.post and request.post.role == "representative":
        return PHONE
    return BARE if unfinished_step(request) else DESKTOP
