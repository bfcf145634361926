"""The records that the stages exchange. They import nothing else of the project.

Glossary, one name for one thing:

- source: a file as it was decoded; every offset counts characters of its text.
- span: a half-open pair ``(start, end)`` of offsets into the source text.
- paragraph: a restored piece of a report; a *passage* is a paragraph that was retrieved.
- sentence: the unit that is embedded and matched; its paragraph is what is returned.
- quote: characters of the source, traced by spans; only white space and ``*`` may differ.
- hit: a passage with its best sentences and scores (higher is better).
- term: the years that one report covers, as a rule those between two congresses (届).
- scope: one place and term that a question is asked of; *part*: one thing that is asked of each scope.
- state: whether a sentence reports a result or announces a plan.
- evidence: a sentence that may answer; *statement*: what an answer states from it; *citation*: its exact source.
- generation: one complete, immutable state of the index on disk.
"""

from qa.types.answers import *  # noqa: F403
from qa.types.records import *  # noqa: F403
