"""The latest requests of the latest callers, kept in memory for `limits`."""

from __future__ import annotations

import time
from collections import OrderedDict, deque

from limits.storage import MovingWindowSupport, Storage


class Windows(Storage, MovingWindowSupport):
    """A store of moving windows, and of nothing else.

    The library's own store in memory starts a thread to sweep all keys a hundred times a second;
    here a key is swept when it is used, and the one longest unused falls out.
    """

    STORAGE_SCHEME = None

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many keys are remembered."""
        return len(self._times)

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong here: nothing of its own."""
        return ValueError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Note `amount` requests at once, if there is room for them."""
        times = self._times.setdefault(key, deque())
        self._times.move_to_end(key)
        while len(self._times) > self._most:
            self._times.popitem(last=False)
        if len(self._counting(key, expiry)) + amount > limit:
            return False
        times.extend([time.time()] * amount)
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the oldest request was that still counts, and how many do."""
        times = self._counting(key, expiry)
        return (times[0] if times else time.time()), len(times)

    def _counting(self, key: str, expiry: int) -> deque[float]:
        """Return the times of a key that still count, after dropping those that do not."""
        times = self._times.get(key, deque())
        first = time.time() - expiry
        while times and times[0] < first:
            times.popleft()
        return times

    def clear(self, key: str) -> None:
        """Forget a key."""
        self._times.pop(key, None)

    def reset(self) -> int:
        """Forget every key; return how many there were."""
        known = len(self._times)
        self._times.clear()
        return known

    def check(self) -> bool:
        """Tell that memory is within reach."""
        return True

    def get(self, key: str) -> int:
        """Return how many requests of a key are remembered."""
        return len(self._times.get(key, ()))

    def get_expiry(self, key: str) -> float:
        """Refuse: a window moves with the clock. Raises NotImplementedError."""
        raise NotImplementedError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Refuse: windows are kept, no counters. Raises NotImplementedError."""
        raise NotImplementedError
