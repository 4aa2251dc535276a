"""A timestamp authority (RFC 3161), asked over HTTP for each seal. Off unless configured."""

import httpx
from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError, set_tsp_headers

_SECONDS = 10


class Authority(TimeStamper):  # type: ignore[misc]  # pyHanko is imported untyped
    """The authority at an address."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Its answer to a request."""
        headers = set_tsp_headers({})
        async with httpx.AsyncClient(timeout=_SECONDS) as client:
            answer = await client.post(self.address, content=req.dump(), headers=headers)
        if answer.status_code != httpx.codes.OK or answer.headers.get("Content-Type") != "application/timestamp-reply":
            raise TimestampRequestError(f"the authority answered {answer.status_code} {answer.headers.get('Content-Type')}")
        return tsp.TimeStampResp.load(answer.content)
