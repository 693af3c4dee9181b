"""The procedure engine: cases, their clocks, bodies at work, voices; `take_step` is the only writer of an open case.

Not here: what a kind of case is (linli/kinds), who owns a matter (linli/routing), the log itself (linli/journal).
"""
