"""A resident's request (诉求): enquiry, help, complaint, tip-off, suggestion. Its facts; all its steps are shared ones.

Source: Beijing 12345 Regulation art 2, 10.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Data(BaseModel):
    """What a request holds beside the columns of every case."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    request_type: Literal["enquiry", "help", "complaint", "tip_off", "suggestion"] = "help"
    urgent: bool = False
