using OnnxViz.Graphs;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Objectives;

namespace OnnxViz.Tests.Support.Networks;

/// <summary>Graphs of one step of a maximisation, as a run makes them.</summary>
internal static class StepGraphs
{
    public static Graph Of(VisionModel model, Value layer, MaximizeOptions options, int count = 2)
    {
        Objective[] goals = [.. Enumerable.Range(0, count).Select(i => Objective.Unit(layer, i))];
        var slots = ObjectiveSlots.For(model, goals, options.Height, options.Width);
        return new StepGraph(model, slots, count, BatchRun.NewParameterization(model, options), options).Build();
    }
}
