//! Unicode tables and transformations, pinned to the versions that identical token ids need.
