using OnnxViz.Check;
using Xunit;

namespace OnnxViz.Tests.Check;

public class DerivativeTests
{
    [Fact]
    public void Differences_tend_to_the_derivative_and_say_how_closely()
    {
        var found = Derivative.Of(t => [Math.Exp(t), (float)Math.Sin(3 * t), 5 * t], 0.25, [1e-9, 1e-9, 1e-9]);
        double[] expected = [1, 3, 5];
        foreach (var (i, derivative) in found.Index())
        {
            Assert.InRange(Math.Abs(derivative.Value - expected[i]), 0, derivative.Uncertainty);
            Assert.InRange(derivative.Uncertainty, 0, 1e-3);
        }
    }

    [Theory]
    [InlineData(1.0, 1e-6, 1.0005, nameof(Verdict.Agrees))]
    [InlineData(1.0, 1e-6, 1.002, nameof(Verdict.Wrong))]
    [InlineData(1.0, 1e-3, 1.004, nameof(Verdict.Agrees))]
    [InlineData(1.0, 0.1, 1.4, nameof(Verdict.Unresolved))]
    [InlineData(1.0, 0.1, 1.6, nameof(Verdict.Wrong))]
    [InlineData(1.0, 1e-6, double.NaN, nameof(Verdict.Wrong))]
    [InlineData(double.NaN, double.PositiveInfinity, 1.0, nameof(Verdict.Unresolved))]
    [InlineData(0.0, 0.0, 0.0, nameof(Verdict.Agrees))]
    public void Nothing_is_judged_beyond_what_the_differences_know(double value, double uncertainty, double found, string verdict) =>
        Assert.Equal(verdict, new Derivative(value, uncertainty).Judge(found, scale: Math.Abs(value), tolerance: 1e-3).ToString());
}
