"""Signing in and out, and changing one's own password. Lock-out by account and address is axes's work.

A password is the one thing of people/ that is written here and not through the door: it is no fact of law, and
nobody but its owner may know that it changed or to what.
"""

import unicodedata
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from sanxiang.people.authority import uuid_of
from sanxiang.people.first import FIRST
from sanxiang.people.idle import FAREWELL, begin
from sanxiang.people.models import Person
from sanxiang.people.passwords import is_first

WRONG = "账号或密码不正确。连续输错 5 次，本机 30 分钟内不能再用该账号登录。"
STILL_FIRST = {
    "tone": "amber",
    "title": "请先更换初始密码",
    "text": "初始密码经过别人的手。换成只有您自己知道的，换好就能办理其他事项。",
}
MISSES = "misses"
MOST_MISSES = 5


def fold_username(text: str) -> str:
    """One spelling for each account: width and case folded, blanks at the ends cut."""
    return unicodedata.normalize("NFKC", text).strip().lower()


class PersonBackend(BaseBackend):
    """Account and password. Unknown accounts cost as much time as known ones; inactive ones are refused."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **rest: Any
    ) -> Person | None:
        person = Person.objects.filter(username=fold_username(username)).first()
        if person is None:
            make_password(password)  # else the answer's speed would tell which accounts exist
            return None
        return person if person.check_password(password) and person.active else None

    def get_user(self, user_id: object) -> Person | None:
        identity = uuid_of(str(user_id))
        return Person.objects.filter(pk=identity, active=True).first() if identity else None


class SignInForm(forms.Form):
    """Account and password as typed."""

    username = forms.CharField(label="账号", max_length=60)
    password = forms.CharField(label="密码", max_length=200, strip=False)

    def clean_username(self) -> str:
        return fold_username(self.cleaned_data["username"])


class PasswordForm(forms.Form):
    """The present password once, the new one twice. `password` is a name that axes never writes down."""

    password = forms.CharField(label="当前密码", max_length=200, strip=False)
    new = forms.CharField(
        label="新密码", max_length=200, strip=False, help_text="至少 10 个字符，不用常见密码。"
    )
    repeat = forms.CharField(label="再输一次新密码", max_length=200, strip=False)

    def __init__(self, person: Person, *args: Any) -> None:
        super().__init__(*args)
        self.person = person

    def clean_password(self) -> str:
        if not self.person.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError("当前密码不正确，请重新输入。", code="wrong")
        return self.cleaned_data["password"]

    def clean(self) -> None:
        new = self.cleaned_data.get("new")
        if new and self.cleaned_data.get("repeat") not in (None, new):
            self.add_error("repeat", "两次输入的新密码不一致，请重新输入。")
        elif new and new == self.cleaned_data.get("password"):
            self.add_error("new", "新密码与当前密码相同，请换一个。")
        elif new and is_first(new):
            self.add_error("new", "新密码是初始密码的样式，请换一个。")
        elif new:
            try:
                validate_password(new, self.person)
            except forms.ValidationError as refused:
                self.add_error("new", refused)


AUTOCOMPLETE = {"username": "username", "password": "current-password"}


def page(request: HttpRequest, template: str, form: forms.Form, **more: object) -> HttpResponse:
    """A form drawn with the shared parts; 422 when something in it must be corrected. Passwords never come back."""
    fields = [
        {
            "name": bound.name,
            "label": bound.label,
            "required": True,
            "type": "text" if bound.name == "username" else "password",
            "value": form.data.get(bound.name, "") if bound.name == "username" else "",
            "autocomplete": AUTOCOMPLETE.get(bound.name, "new-password"),
            "hint": bound.help_text,
            "error": " ".join(map(str, bound.errors)),
        }
        for bound in form
    ]
    errors = [{"href": f"#id_{field['name']}", "text": field["error"]} for field in fields if field["error"]]
    errors += [{"href": "", "text": text} for text in form.non_field_errors()]
    context = {"fields": fields, "errors": errors, **more}
    return render(request, template, context, status=422 if errors else 200)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. A locked account and address gets desk/locked.html with 429, from axes."""
    if request.user.is_authenticated:
        return redirect(after_sign_in(request))
    form = SignInForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        person = authenticate(request, **form.cleaned_data)
        if person is not None:
            request.session.pop(FAREWELL, None)
            login(request, person)
            begin(request.session)
            if is_first(form.cleaned_data["password"]):
                request.session[FIRST] = True
                return redirect("password")
            return redirect(after_sign_in(request))
        form.add_error(None, WRONG)
    words = request.session.get(FAREWELL, "")
    return page(request, "desk/sign_in.html", form, farewell=words, next=request.GET.get("next", ""))


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session. Only by POST: no link on another site can sign anybody out."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@never_cache
@sensitive_post_parameters("password", "new", "repeat")
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; all other sessions of the person end with it."""
    person = cast(Person, request.user)  # LoginRequiredMiddleware lets nobody else come here
    form = PasswordForm(person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        person.set_password(form.cleaned_data["new"])
        person.save(update_fields=["password"])
        update_session_auth_hash(request, person)
        request.session.pop(MISSES, None)
        request.session.pop(FIRST, None)
        messages.success(request, "密码已更换，其他设备上的登录已全部退出。")
        return redirect(settings.LOGIN_REDIRECT_URL)
    if form.has_error("password", "wrong") and too_many_misses(request):
        logout(request)
        request.session[FAREWELL] = "当前密码连续输错 5 次，系统已自动退出。请重新登录。"
        return redirect(settings.LOGIN_URL)
    return page(
        request, "desk/password.html", form, still_first=STILL_FIRST if request.session.get(FIRST) else None
    )


def too_many_misses(request: HttpRequest) -> bool:
    """Count one more wrong present password: whoever found the desk unlocked may not guess on."""
    request.session[MISSES] = request.session.get(MISSES, 0) + 1
    return request.session[MISSES] >= MOST_MISSES


def after_sign_in(request: HttpRequest) -> str:
    """Where the visitor wanted to go, if that is on this site; otherwise the desk."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if here else settings.LOGIN_REDIRECT_URL
