from __future__ import annotations

import pytest
import torch

from engine.sgraf.reasoning import AttentionFiltration, GraphReasoning, GraphStep
from tests.engine.sgraf import reference
from tests.engine.sgraf.conftest import SIM, liven


def named(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {f"reasoning.{name}": value for name, value in network.state_dict().items()}


@pytest.fixture
def graph() -> GraphReasoning:
    network = GraphReasoning(SIM, 3)
    liven(network)
    return network.eval()


@pytest.fixture
def filtration() -> AttentionFiltration:
    network = AttentionFiltration(SIM)
    liven(network)
    return network.eval()


def test_graph_reasoning_equals_separate_queries_and_keys(graph: GraphReasoning) -> None:
    nodes = torch.randn(5, 7, SIM)
    expected = reference.graph_reasoning(named(graph), nodes)
    assert torch.allclose(graph(nodes), expected, atol=1e-5)
    with torch.no_grad():
        assert torch.allclose(graph(nodes), expected, atol=1e-5)


def test_fold_is_kept_and_follows_the_weights(graph: GraphReasoning) -> None:
    nodes = torch.randn(2, 4, SIM)
    step = graph.steps[0]
    assert isinstance(step, GraphStep)
    with torch.no_grad():
        graph(nodes)
        assert step.folded()[0] is step.folded()[0]
        step.query.weight.mul_(-2.0)
        assert torch.allclose(graph(nodes), reference.graph_reasoning(named(graph), nodes), atol=1e-5)
        graph.load_state_dict({name: value + 0.3 for name, value in graph.state_dict().items()})
        assert torch.allclose(graph(nodes), reference.graph_reasoning(named(graph), nodes), atol=1e-5)
        graph.double()
        assert graph(nodes.double()).dtype == torch.float64


def test_inference_tensors_can_be_folded() -> None:
    with torch.inference_mode():
        network = GraphReasoning(SIM, 2)
        nodes = torch.randn(2, 4, SIM)
        assert torch.allclose(network(nodes), reference.graph_reasoning(named(network), nodes), atol=1e-5)


def test_masked_nodes_take_no_part(graph: GraphReasoning, filtration: AttentionFiltration) -> None:
    nodes = torch.randn(3, 6, SIM)
    mask = torch.arange(6) < torch.tensor([6, 3, 1])[:, None]
    for network in (graph, filtration):
        found = network(nodes, mask)
        changed = torch.where(mask.unsqueeze(-1), nodes, 100 * torch.randn(3, 6, SIM))
        assert torch.allclose(found, network(changed, mask))
        for row, count in enumerate((6, 3, 1)):
            assert torch.allclose(found[[row]], network(nodes[[row], :count]), atol=1e-6)


def test_last_edges_are_those_that_make_the_answer(graph: GraphReasoning) -> None:
    start = torch.randn(1, 5, SIM)
    edges = graph.last_edges(start)
    assert edges.shape == (1, 5, 5)
    assert torch.allclose(edges.sum(dim=-1), torch.ones(1, 5))
    first, second, last = graph.steps
    nodes = second(first(start, None, 5), None, 5)
    answer = torch.relu(last.update(edges @ nodes))[:, 0]
    assert torch.allclose(answer, graph(start), atol=1e-6)


def test_filtration_equals_the_reference(filtration: AttentionFiltration) -> None:
    nodes = torch.randn(4, 6, SIM)
    expected = reference.filtration_weights(named(filtration), nodes)
    weights = filtration.weights(nodes)
    assert torch.allclose(weights, expected.squeeze(1), atol=1e-6)
    assert torch.allclose(weights.sum(dim=1), torch.ones(4))
    assert torch.allclose(filtration(nodes), reference.unit((expected @ nodes).squeeze(1)), atol=1e-6)


def test_batch_statistics_are_those_of_existing_nodes(filtration: AttentionFiltration) -> None:
    filtration.train()
    nodes = torch.randn(2, 5, SIM)
    mask = torch.arange(5) < torch.tensor([5, 2])[:, None]
    filtration.norm.reset_running_stats()
    filtration(nodes, mask)
    logits = filtration.weigh(nodes).squeeze(-1)[mask]
    assert filtration.norm.running_mean is not None
    assert torch.allclose(filtration.norm.running_mean, 0.1 * logits.mean(), atol=1e-6)
    assert filtration.weights(nodes, mask)[1, 2:].eq(0).all()
