"""The press office's pages: what was asked, how transcripts were read, and new ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from web.citation import digest
from web.downloads import to_csv
from web.drafts import FIELDS, DraftError, check_id, describe
from web.feedback import TABLES, Feedback
from web.password import is_password
from web.publishing import Press, PublishError
from web.reading import EMENDATIONS, KINDS, ROLES, lay_out
from web.sessions import new_session, set_cookie
from web.settings import Settings
from web.visits import LARGEST_UPLOAD, Door, Endpoint, Refusal, Visit

STATIC = Path(__file__).parent / "static"
_SHOWN = 200
_DONE = {
    "published": "已发布，现在就可以提问。 / Published.",
    "taken-back": "已撤回上一次发布。 / Taken back.",
    "discarded": "草稿已删除。 / Draft deleted.",
}
_COLUMNS = {
    "questions": ("day", "face", "question", "status", "document"),
    "votes": ("day", "face", "question", "verdict", "reason", "comment"),
    "reports": ("day", "document", "start", "end", "excerpt", "comment"),
    "unanswered": ("question", "status", "times", "latest"),
}
_WORDS: dict[str, Any] = {"roles": ROLES, "kinds": KINDS, "emendations": EMENDATIONS}


def admin_routes(press: Press, feedback: Feedback, settings: Settings) -> APIRouter:
    """Return `/admin` and everything below it; all of it is 404 until a password is set."""
    door, office = Door(settings), Office(press, feedback, settings)
    front = Front(door)
    routes = APIRouter()

    def add(path: str, endpoint: Endpoint, method: str = "GET") -> None:
        routes.add_route(f"/admin{path}", endpoint, methods=[method], include_in_schema=False)

    add("/admin.css", door.serve(STATIC / "admin.css", "text/css"))
    add("/login", door.greet(front.show))
    add("/login", door.greet(front.sign_in), "POST")
    add("/logout", door.guard(front.sign_out), "POST")
    for path in ("", "/"):
        add(path, door.guard(office.overview))
    add("/questions", door.guard(office.questions))
    add("/feedback", door.guard(office.opinions))
    add("/download/{table}.csv", door.guard(office.download))
    add("/transcripts/{id}", door.guard(office.transcript))
    add("/drafts", door.guard(office.form))
    add("/drafts", door.guard(office.upload, LARGEST_UPLOAD), "POST")
    add("/drafts/{id}", door.guard(office.preview))
    add("/drafts/{id}/publish", door.guard(office.publish), "POST")
    add("/drafts/{id}/discard", door.guard(office.discard), "POST")
    add("/take-back", door.guard(office.take_back), "POST")
    return routes


class Front:
    """Signing in and out."""

    def __init__(self, door: Door) -> None:
        self._sessions = door.sessions

    def show(self, visit: Visit) -> Response:
        """Show the login form, to those who need it."""
        return _to("/admin") if visit.session.signed_in else visit.page("login", wrong=None)

    def sign_in(self, visit: Visit) -> Response:
        """Try the password; the answer never says what was wrong with it."""
        if not self._sessions.may_guess(visit.request):
            return visit.page("login", 429, wrong="尝试次数过多，请五分钟后再试。")
        if not is_password(visit.keys, visit.fields.get("password", "")):
            return visit.page("login", 401, wrong="无法登录，请核对密码。")
        self._sessions.forget_guesses(visit.request)
        self._sessions.end(visit.session)
        response = _to("/admin")
        session = new_session(visit.keys.secret, signed_in=True)
        set_cookie(visit.request, response, session, visit.keys.secret)
        return response

    def sign_out(self, visit: Visit) -> Response:
        """End the session here and wherever else its cookie is."""
        self._sessions.end(visit.session)
        response = _to("/admin/login")
        set_cookie(visit.request, response, new_session(visit.keys.secret), visit.keys.secret)
        return response


class Office:
    """The pages behind the login."""

    def __init__(self, press: Press, feedback: Feedback, settings: Settings) -> None:
        self._press, self._feedback = press, feedback
        self._retention = settings.retention_days

    def overview(self, visit: Visit, problem: str | None = None) -> Response:
        """Show what is published, what waits, and how questions fared."""
        return visit.page(
            "overview",
            409 if problem else 200,
            problem=problem,
            done=_DONE.get(visit.request.query_params.get("done", "")),
            transcripts=list(self._press.published.transcripts.values()),
            drafts=self._press.drafts.names(),
            last=self._press.last(),
            asked=self._feedback.counts("questions", "status"),
            voted=self._feedback.counts("votes", "verdict"),
            reported=sum(self._feedback.counts("reports", "document").values()),
            retention=self._retention,
        )

    def questions(self, visit: Visit) -> Response:
        """Show the questions without an answer, the most frequent first."""
        found = self._feedback.unanswered(_SHOWN)
        return visit.page("questions", found=found, retention=self._retention)

    def opinions(self, visit: Visit) -> Response:
        """Show votes and reports, the newest first."""
        return visit.page(
            "feedback",
            votes=self._feedback.rows("votes", _SHOWN),
            reports=self._feedback.rows("reports", _SHOWN),
            retention=self._retention,
            transcripts=self._press.published.transcripts,
            digest=digest,
        )

    def download(self, visit: Visit) -> Response:
        """Return a table as CSV."""
        name = visit.request.path_params["table"]
        content = to_csv(_COLUMNS.get(name, ()), self._rows(name))
        where = {"Content-Disposition": f'attachment; filename="zaowen-{name}.csv"'}
        return Response(content, media_type="text/csv", headers=where)

    def _rows(self, name: str) -> list[Mapping[str, Any]]:
        for table in TABLES:
            if name == table:
                return list(self._feedback.rows(table))
        if name != "unanswered":
            raise Refusal(404, "没有这张表。")
        found = self._feedback.unanswered(50_000)
        return [{c: getattr(row, c) for c in _COLUMNS["unanswered"]} for row in found]

    def transcript(self, visit: Visit) -> Response:
        """Show how a published transcript was read."""
        found = self._press.published.transcripts.get(visit.request.path_params["id"])
        if found is None:
            raise Refusal(404, "没有这份实录。")
        reading = lay_out(found)
        return visit.page("transcript", reading=reading, **_WORDS)

    def form(self, visit: Visit) -> Response:
        """Show the form that takes a transcript in."""
        return visit.page("upload", problem=None, filled=dict.fromkeys(("id", *FIELDS), ""))

    def upload(self, visit: Visit) -> Response:
        """Keep an upload as a draft and go on to its preview; nothing is published."""
        name = visit.fields.get("id", "").strip()
        try:
            check_id(name)
            description = visit.files.get("description", b"") or describe(visit.fields)
            replaced = self._press.drafts.save(name, visit.files.get("text", b""), description)
        except DraftError as error:
            filled = {key: visit.fields.get(key, "") for key in ("id", *FIELDS)}
            return visit.page("upload", 422, problem=str(error), filled=filled)
        return _to(f"/admin/drafts/{name}" + "?replaced=1" * replaced)

    def preview(self, visit: Visit, problem: str | None = None) -> Response:
        """Show how a draft would be read, or why it cannot be."""
        draft = self._press.drafts.open(visit.request.path_params["id"])
        if draft is None:
            raise Refusal(404, "没有这份草稿。")
        return visit.page(
            "draft",
            409 if problem else 200,
            problem=problem,
            draft=draft,
            reading=lay_out(draft.transcript) if draft.transcript else None,
            replaces=self._press.published.transcripts.get(draft.id),
            replaced="replaced" in visit.request.query_params,
            **_WORDS,
        )

    def publish(self, visit: Visit) -> Response:
        """Publish a draft that was looked at."""
        try:
            self._press.publish(visit.request.path_params["id"], visit.fields.get("seen", ""))
        except PublishError as error:
            return self.preview(visit, str(error))
        return _to("/admin?done=published")

    def discard(self, visit: Visit) -> Response:
        """Delete a draft."""
        self._press.drafts.discard(visit.request.path_params["id"])
        return _to("/admin?done=discarded")

    def take_back(self, visit: Visit) -> Response:
        """Undo the last publication."""
        try:
            self._press.take_back(visit.fields.get("id", ""))
        except PublishError as error:
            return self.overview(visit, str(error))
        return _to("/admin?done=taken-back")


def _to(path: str) -> Response:
    return RedirectResponse(path, 303)
