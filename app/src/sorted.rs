//! Lists in an order. Whatever a page begins with sorts by these functions: with the standard library's own, there is a
//! whole sort in the module for every type of list.

use std::cmp::Ordering;

/// Sorts by a key, which is made once for each item; equal ones stay as they are.
pub fn sort_by<T, K: Ord>(list: &mut Vec<T>, key: impl Fn(&T) -> K) {
    let keys: Vec<K> = list.iter().map(key).collect();
    let order = order(keys.len(), &|one, other| keys[one].cmp(&keys[other]));
    let mut taken: Vec<Option<T>> = list.drain(..).map(Some).collect();
    list.extend(order.into_iter().filter_map(|at| taken[at].take()));
}

/// The places of so many items in the order that comparing them gives.
fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|one, other| compare(*one, *other));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_items_stay_as_they_are() {
        let mut list = vec![(2, "a"), (1, "b"), (2, "c"), (1, "d")];
        sort_by(&mut list, |(key, _)| *key);
        assert_eq!(list, [(1, "b"), (1, "d"), (2, "a"), (2, "c")]);
        sort_by(&mut list, |(key, text)| std::cmp::Reverse((*key, *text)));
        assert_eq!(list, [(2, "c"), (2, "a"), (1, "d"), (1, "b")]);
    }
}
