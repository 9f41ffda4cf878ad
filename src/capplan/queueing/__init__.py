"""Congestion: who waits or is turned away by chance at a unit of beds, from queueing theory; numpy and scipy only.

`erlang` has the chances that all beds are full, `queues` the people waiting for a bed, `envelope` the best
linear bounds on them over the sizes that a unit may have.
"""

from capplan.queueing.envelope import Envelope, Facet
from capplan.queueing.erlang import erlang_b, erlang_c, load_max_refusal, load_max_waiting
from capplan.queueing.queues import mean_queue, mean_queue_slope

__all__ = [
    "Envelope",
    "Facet",
    "erlang_b",
    "erlang_c",
    "load_max_refusal",
    "load_max_waiting",
    "mean_queue",
    "mean_queue_slope",
]
