"""Django finds a backend's wrapper here."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """Connections that are kept over requests without a statement each to see whether they still stand."""

    def is_usable(self) -> bool:
        """Whether the connection still stands, asked at the first statement of each request.

        A server that has ended or restarted has closed its side, and the socket of an idle connection then has something
        to read: only in that case the server is asked, and in the middle of a transaction, which may have failed.
        """
        if self.connection is None or self.connection.closed:
            return False
        if self.connection.info.transaction_status != TransactionStatus.IDLE:
            return super().is_usable()
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0) or super().is_usable()
