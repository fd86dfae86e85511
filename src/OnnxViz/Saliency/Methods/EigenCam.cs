using MathNet.Numerics.LinearAlgebra;
using OnnxViz.Models;

namespace OnnxViz.Saliency.Methods;

/// <summary>
/// The maps' first principal component over the positions. A component has no sign of its own: it gets the one with
/// which it goes along with the positive activation, so that a map never comes out inverted.
/// </summary>
internal sealed class EigenCam : LayerMapMethod
{
    public override SaliencyResult Explain(AttributionTask task)
    {
        var layer = LayerActivations.Of(task);
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

        // Of the two matrices of products the smaller one: x x' has the component itself, x' x the direction.
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
