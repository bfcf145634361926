"""A session of the page belongs to the user who opened it: nobody else may listen to it or speak in it.

Browsers choose the names of their sessions themselves; without this, knowing one would be enough.
"""

from __future__ import annotations

from collections import OrderedDict

from starlette.exceptions import HTTPException
from starlette.requests import Request

__all__ = ["Sessions"]

_MOST = 4096  # that are remembered


class Sessions:
    """Who opened which session; of the oldest ones this is forgotten."""

    def __init__(self) -> None:
        self._owners: OrderedDict[str, str] = OrderedDict()

    async def check(self, request: Request, name: str) -> None:
        """Let a request pass whose session is this user's, or nobody's yet.

        Raises:
            HTTPException: it is another user's.
        """
        said: object = request.path_params.get("session_hash") or request.query_params.get("session_hash")
        if request.method == "POST" and "multipart" not in request.headers.get("content-type", ""):
            try:
                body = await request.json()  # kept by the request: the route does not read it again
            except ValueError as error:
                raise HTTPException(400, "内容不是 JSON。") from error
            said = (body.get("session_hash") if isinstance(body, dict) else None) or said
        if not isinstance(said, str) or not said:
            return
        if self._owners.setdefault(said, name) != name:
            raise HTTPException(403, "这个会话属于另一位用户。请刷新网页。")
        self._owners.move_to_end(said)
        while len(self._owners) > _MOST:
            self._owners.popitem(last=False)
