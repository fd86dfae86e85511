using OnnxViz.Autodiff;

namespace OnnxViz.Check;

/// <summary>
/// A node's compiled gradient against central differences of the node itself, at the inputs that it has in the network,
/// along a random direction. The seed is laid on those outputs only that are smooth along it: an output whose values at
/// five points show a kink has no derivative to compare with.
/// </summary>
internal sealed class NodeCheck(GradientRules rules, double tolerance, ulong seed, RuntimeOptions runtime, CancellationToken token = default)
{
    /// <summary>Relative to the inputs' size; the next is tried where kinks or curvature leave too little.</summary>
    private static readonly double[] Steps = [1 / 16.0, 1 / 256.0, 1 / 4096.0];

    /// <summary>With fewer kinks than this share of the outputs no smaller step is tried.</summary>
    private const double FewKinks = 0.1;

    /// <param name="probe">The node.</param>
    /// <param name="inputs">Of the probe, as they are in the network.</param>
    /// <param name="number">Tells the random numbers of nodes apart.</param>
    public NodeResult Check(NodeProbe probe, IReadOnlyList<Tensor> inputs, int number)
    {
        var name = probe.Node.Name;
        if (!probe.IsDifferentiable)
            return new NodeResult(name, probe.Key, Verdict.Agrees, 0, 0, 0, "not differentiable; its gradient is a convention");
        try
        {
            probe.Open(rules, runtime, token);
            return Compare(probe, inputs, new CounterRandom(seed, 0x6e6f6465_00000000 + (ulong)number));
        }
        catch (OnnxVizException e) when (e.Fault == Fault.Input)
        {
            // That a node does not run alone says nothing about its gradient.
            return new NodeResult(name, probe.Key, Verdict.Unresolved, 0, 0, 0, e.Message);
        }
    }

    private NodeResult Compare(NodeProbe probe, IReadOnlyList<Tensor> inputs, CounterRandom random)
    {
        var targets = probe.Targets.Select(t => probe.Inputs.ToList().IndexOf(t)).ToArray();
        var directions = Array.ConvertAll(targets, t => Vectors.Gaussian(random, inputs[t].Count, Vectors.Scale(inputs[t].ToFloats())));
        var seeds = Array.ConvertAll([.. probe.Outputs], y => Vectors.Gaussian(random, Shapes.Count(y.Dims)));
        var center = probe.Run(inputs);

        NodeDifferences? best = null;
        foreach (var step in Steps)
        {
            var found = new NodeDifferences(center, step, tolerance, t => probe.Run(Along(t)));
            if (best is null || found.Kinks < best.Kinks) best = found;
            if (best.Kinks <= FewKinks * best.Count) break;
        }

        var count = best!.Count;
        if (best.Kinks == count) return new NodeResult(probe.Node.Name, probe.Key, Verdict.Kink, 0, count, count, "every output has a kink here");
        best.Mask(seeds);
        var (verdict, error) = Judge(seeds);
        // Summands of one sign find what is wrong everywhere by a little, those of random signs what is wrong somewhere.
        best.Align(seeds);
        var (aligned, alignedError) = Judge(seeds);
        return new NodeResult(
            probe.Node.Name, probe.Key, aligned > verdict ? aligned : verdict, double.IsNaN(alignedError) ? alignedError : Math.Max(error, alignedError), best.Kinks, count);

        (Verdict Verdict, double Error) Judge(float[][] seeds)
        {
            var gradients = probe.Gradients(inputs, [.. seeds.Zip(probe.Outputs, (s, y) => Vectors.As(y.Type, s, y.StaticDims()))]);
            var product = gradients.Zip(directions, (g, v) => Vectors.Dot(g, v)).Sum();
            var spread = Math.Sqrt(gradients.Zip(directions, (g, v) => Math.Pow(Vectors.ProductNorm(g, v), 2)).Sum());
            var derivative = best.Derivative(seeds, out var size);
            var scale = Math.Max(Math.Max(Math.Abs(product), spread), size);
            return (derivative.Judge(product, scale, tolerance), scale > 0 ? Math.Abs(derivative.Value - product) / scale : 0);
        }

        Tensor[] Along(double t)
        {
            Tensor[] moved = [.. inputs];
            foreach (var (i, target) in targets.Index()) moved[target] = Vectors.Moved(inputs[target], directions[i], t);
            return moved;
        }
    }
}
