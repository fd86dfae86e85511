using MathNet.Numerics.LinearAlgebra;

namespace OnnxViz.Saliency.Methods;

/// <summary>
/// The first principal component of the maps over the positions. The sign of a principal component is arbitrary: we choose the one
/// with which it correlates with the sum of the positive activations, so that a map never comes out inverted.
/// </summary>
public sealed record EigenCam() : LayerMethod("eigen-cam", "The maps' first principal component, whatever the score; signed.", new("Muhammad and Yeasin", 2020))
{
    public override SaliencyResult Explain(SaliencyTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var layer = LayerActivations.Of(task, LayerOf(task));
        var channels = (int)layer.Maps.Dims[1];
        return layer.Result([.. Enumerable.Range(0, task.Rows).Select(row => Component(Tensors.Row(layer.Maps, row), channels))]);
    }

    /// <param name="maps">[C, positions].</param>
    /// <param name="channels">C.</param>
    /// <returns>[positions]: the centred maps, projected on their first principal direction.</returns>
    internal static float[] Component(ReadOnlySpan<float> maps, int channels)
    {
        var positions = maps.Length / channels;
        var x = Matrix<double>.Build.Dense(positions, channels);
        var positive = new double[positions];
        for (var c = 0; c < channels; c++)
        {
            var map = maps.Slice(c * positions, positions);
            var mean = 0.0;
            foreach (var v in map) mean += (double)v / positions;
            for (var i = 0; i < positions; i++)
            {
                x[i, c] = map[i] - mean;
                positive[i] += Math.Max(map[i], 0f);
            }
        }

        // The smaller of two matrices: x x' has the component as its eigenvector, x' x its direction.
        var component = positions <= channels
            ? Leading(x.TransposeAndMultiply(x), scaled: true)
            : x * Leading(x.TransposeThisAndMultiply(x), scaled: false);
        var center = positive.Average();
        var sign = component.Select((v, i) => v * (positive[i] - center)).Sum() < 0 ? -1 : 1;
        return [.. component.Select(v => (float)(sign * v))];
    }

    /// <summary>The eigenvector of the largest eigenvalue, of length 1 or of the eigenvalue's root.</summary>
    private static Vector<double> Leading(Matrix<double> symmetric, bool scaled)
    {
        var eigen = symmetric.Evd(Symmetricity.Symmetric);
        var last = eigen.EigenValues.Count - 1;
        var vector = eigen.EigenVectors.Column(last);
        return scaled ? vector * Math.Sqrt(Math.Max(eigen.EigenValues[last].Real, 0)) : vector;
    }
}
