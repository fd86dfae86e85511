using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

public class NormalizationGradientTests
{
    [Theory]
    [InlineData("BatchNormalization", "[2,3,2,2] ~[3] ~[3] ~[3] +[3]")]
    [InlineData("BatchNormalization", "[2,3,4] ~[3] ~[3] ~[3] +[3]", "epsilon=0.5")]
    [InlineData("BatchNormalization", "[2,3] ~[3] ~[3] ~[3] +[3]")]
    [InlineData("BatchNormalization", "[1,2,2,2,3] ~[2] ~[2] ~[2] +[2]")]
    public void Linear(string op, string inputs, string attributes = "") => GradientCheck.Linear(op, inputs, attributes);

    [Theory]
    [InlineData("LRN", "[2,6,2,2]", "size=5 alpha=0.5 beta=0.75 bias=1.0")]
    [InlineData("LRN", "[1,6,2,3]", "size=3 alpha=2.0 beta=0.5 bias=2.0")]
    [InlineData("LRN", "[1,2,3,3]", "size=5 alpha=1.0")]
    [InlineData("LRN", "[1,4,2,2]", "size=1 alpha=3.0")]
    public void Smooth(string op, string inputs, string attributes) => GradientCheck.Smooth(op, inputs, attributes);
}
