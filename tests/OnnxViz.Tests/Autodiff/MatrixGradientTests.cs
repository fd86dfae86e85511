using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

public class MatrixGradientTests
{
    [Theory]
    [InlineData("Gemm", "[2,3] [3,4] [4]")]
    [InlineData("Gemm", "[2,3] [3,4]")]
    [InlineData("Gemm", "[2,3] ~[4,3] ~[4]", "transB=1")]
    [InlineData("Gemm", "[3,2] [3,4] [2,1]", "transA=1 alpha=0.5 beta=2.0")]
    [InlineData("Gemm", "[3,2] [4,3] [2,4]", "transA=1 transB=1 alpha=-1.5")]
    [InlineData("Gemm", "[2,3] [4,3] []", "transB=1 beta=0.25")]
    [InlineData("Gemm", "~[2,3] [3,4] ~[4]")]
    [InlineData("Gemm", "[2,3] ~[3,4] [4]")]
    [InlineData("Gemm", "~[2,3] ~[3,4] [2,4]", "beta=3.0")]
    [InlineData("MatMul", "[2,3] [3,4]")]
    [InlineData("MatMul", "[2,3] ~[3,4]")]
    [InlineData("MatMul", "~[2,3] [3,4]")]
    [InlineData("MatMul", "[2,2,3] [2,3,4]")]
    [InlineData("MatMul", "[2,2,3] [3,4]")]
    [InlineData("MatMul", "[2,1,2,3] [5,3,4]")]
    [InlineData("MatMul", "[2,3] [5,3,4]")]
    [InlineData("MatMul", "[3] [3]")]
    [InlineData("MatMul", "[3] [3,4]")]
    [InlineData("MatMul", "[2,3] [3]")]
    [InlineData("MatMul", "[3] [2,3,4]")]
    [InlineData("MatMul", "[2,4,3] [3]")]
    public void Linear(string op, string inputs, string attributes = "") => GradientCheck.Linear(op, inputs, attributes);
}
