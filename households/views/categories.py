"""The city's list of categories (重点类别)."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import sent
from accounts.services import Refused
from households import services
from households.forms.roll import CategoryForm
from households.models import Category, CategoryTag, Status


@requires(Permission.CATEGORY_MANAGE)
def category_list(request: PostRequest) -> HttpResponse:
    """Show the categories in their order, with how many households have each."""
    # Who leaves the roll keeps his tags.
    tags = (
        CategoryTag.objects.active(timezone.localdate())
        .filter(household__status=Status.LIVING)
        .order_by()
    )
    held = dict(tags.values_list("category").annotate(n=Count("pk")))
    rows = [
        (category, held.get(category.code, 0))
        for category in Category.objects.order_by("order", "code")
    ]
    return render(request, "households/category_list.html", {"rows": rows})


@requires(Permission.CATEGORY_MANAGE)
@once
def category_new(request: PostRequest) -> HttpResponse:
    """Add a category at the end of the list."""
    form = CategoryForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            category = services.add_category(**form.cleaned_data)
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"已增加“{category.name}”，各村现在就能用。")
            return redirect("households:category-list")
    status = 422 if form.errors else 200
    context = {"form": form, "category": None}
    return render(request, "households/category_edit.html", context, status=status)


@requires(Permission.CATEGORY_MANAGE)
def category_edit(request: PostRequest, code: str) -> HttpResponse:
    """Change a category for the whole city."""
    category = get_object_or_404(Category, pk=code)
    form = CategoryForm.of(sent(request), category)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        retired = (
            (category.retired_on or timezone.localdate()) if given["retired"] else None
        )
        try:
            services.edit_category(
                category=category,
                name=given["name"],
                is_key=given["is_key"],
                order=given["order"],
                retired_on=retired,
            )
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"“{given['name']}”已保存，全市生效。")
            return redirect("households:category-list")
    context = {"form": form, "category": Category.objects.get(pk=code)}
    status = 422 if form.errors else 200
    return render(request, "households/category_edit.html", context, status=status)
