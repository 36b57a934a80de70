//! The one map type: hash maps of the crate, seeded the same in every process.

/// A hash map.
pub type Map<K, V> = hashbrown::HashMap<K, V, foldhash::fast::FixedState>;
/// A hash set.
pub type Set<K> = hashbrown::HashSet<K, foldhash::fast::FixedState>;
