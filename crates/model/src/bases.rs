use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

/// Who derives from whom, over the files of a set: finds cycles without walking any chain twice.
#[derive(Debug, Default)]
pub struct BaseGraph {
    graph: DiGraph<(), ()>,
}

impl BaseGraph {
    /// A graph of `policies` policies, numbered from 0.
    pub fn new(policies: usize) -> Self {
        let mut graph = DiGraph::with_capacity(policies, policies);
        for _ in 0..policies {
            graph.add_node(());
        }
        Self { graph }
    }

    /// Policy `derived` names policy `base` in its `BasePolicy`.
    pub fn derives(&mut self, derived: usize, base: usize) {
        self.graph.add_edge(NodeIndex::new(derived), NodeIndex::new(base), ());
    }

    /// The groups of policies that are their own base, directly or through others; each sorted.
    pub fn cycles(&self) -> Vec<Vec<usize>> {
        // Not Tarjan's: petgraph's recurses, and a chain may be as long as there are files.
        let mut cycles: Vec<Vec<usize>> = kosaraju_scc(&self.graph)
            .into_iter()
            .filter(|group| group.len() > 1 || group.iter().any(|it| self.graph.contains_edge(*it, *it)))
            .map(|group| group.into_iter().map(NodeIndex::index).collect())
            .collect();
        cycles.iter_mut().for_each(|it| it.sort_unstable());
        cycles.sort();
        cycles
    }
}

/// Whether an id is that of a user flow or of what user flows derive from: no custom policy may derive from these.
pub fn is_user_flow(policy_id: &str) -> bool {
    let starts = policy_id.get(..6).is_some_and(|it| it.eq_ignore_ascii_case("B2C_1_"));
    starts || policy_id.eq_ignore_ascii_case("base-v1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_are_found_whatever_leads_into_them() {
        let mut graph = BaseGraph::new(6);
        for (derived, base) in [(0, 1), (1, 2), (2, 1), (3, 3), (4, 5)] {
            graph.derives(derived, base);
        }
        assert_eq!(graph.cycles(), vec![vec![1, 2], vec![3]]);
    }
}
