using OnnxViz.Tests.Support.Networks;
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
    [InlineData("MatMul", "![1,2,3] [5,3,4]")]
    [InlineData("MatMul", "[2,3] [3,1]")]
    [InlineData("Einsum", "[2,3] [3,4]", "equation=ij,jk->ik")]
    [InlineData("Einsum", "[2,3] [3,4]", "equation=ij,jk")]
    [InlineData("Einsum", "[2,3] ~[4,3]", "equation=ij,kj->ki")]
    [InlineData("Einsum", "[2,2,3] [2,3,4]", "equation=bij,bjk->bik")]
    [InlineData("Einsum", "[2,3,4] [4,5]", "equation=...i,ij->...j")]
    [InlineData("Einsum", "[2,1,2,3] [2,5,3,4]", "equation=...ij,...jk->...ik")]
    [InlineData("Einsum", "[2,3] [2,3]", "equation=ij,ij->")]
    [InlineData("Einsum", "[2,3] [4]", "equation=ij,k->ik")]
    [InlineData("Einsum", "[2,3] [2,3,4]", "equation=bi,bij->b")]
    [InlineData("Einsum", "[2,3,4]", "equation=ijk->ki")]
    [InlineData("Einsum", "[2,3,4]", "equation=b...->...b")]
    [InlineData("Einsum", "[2,3]", "equation=ij->")]
    [InlineData("Einsum", "[2] [3] [2,3]", "equation=i,j,ij->j")]
    [InlineData("Einsum", "[2,4,3] [2,5,3]", "equation=bqd,bkd->bqk")]
    public void Linear(string op, string inputs, string attributes = "") => GradientCheck.Linear(op, inputs, attributes);

    [Fact]
    public void A_diagonal_is_refused_by_name()
    {
        var error = Assert.Throws<OnnxVizException>(() => GradientCheck.Linear("Einsum", "[3,3]", "equation=ii->i"));
        Assert.Contains("'node'", error.Message);
        Assert.Contains("operand 0 ('ii')", error.Message);
    }
}
