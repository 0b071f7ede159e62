"""From folders of files to a library that can be searched.

Importing it does not import torch; models load when the first photo needs them.
"""

from engine.indexer.indexer import Indexer
from engine.indexer.process import IndexerProcess

__all__ = ["Indexer", "IndexerProcess"]
