using MathNet.Numerics.LinearAlgebra;

namespace OnnxViz.Imaging.Segmentation;

/// <summary>A weighted normal distribution over colours.</summary>
internal sealed class ColorGaussian
{
    private readonly double[] _mean;
    private readonly double[,] _inverse;
    private readonly double _logFactor;

    /// <param name="weight">Share in a mixture, above 0.</param>
    /// <param name="mean">[3]</param>
    /// <param name="covariance">[3, 3], positive definite.</param>
    public ColorGaussian(double weight, double[] mean, Matrix<double> covariance)
    {
        (_mean, _inverse) = (mean, covariance.Inverse().ToArray());
        _logFactor = Math.Log(weight) - (0.5 * (Math.Log(covariance.Determinant()) + (mean.Length * Math.Log(2 * Math.PI))));
    }

    /// <summary>log(weight * density).</summary>
    public double LogLikelihood(double[] color)
    {
        var distance = 0.0;
        for (var r = 0; r < _mean.Length; r++)
            for (var c = 0; c < _mean.Length; c++) distance += (color[r] - _mean[r]) * _inverse[r, c] * (color[c] - _mean[c]);
        return _logFactor - (0.5 * distance);
    }
}
