using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Rewriting;
using OnnxViz.Runtime;
using Xunit;

namespace OnnxViz.Tests.Rewriting;

/// <summary>Integer divisions at which a processor traps, which ends the process: that this test ends is half of what it says.</summary>
public class SafeDivisionsTests
{
    private static readonly long[] Dividends = [7, -7, long.MinValue, long.MinValue, 5, int.MinValue, 0, 9];

    private static readonly long[] Divisors = [2, 2, -1, 1, 0, -1, 0, -4];

    [Theory]
    [InlineData(ElementType.Int64)]
    [InlineData(ElementType.Int32)]
    [InlineData(ElementType.UInt64)]
    public void Quotients_are_those_of_the_processor_where_it_has_any(ElementType type)
    {
        var found = Run("Div", type);
        Assert.Equal(Dividends.Zip(Divisors, (a, b) => Wrapped(type, Quotient(Wrapped(type, a), Wrapped(type, b), type))), found);
    }

    [Theory]
    [InlineData(ElementType.Int64, 0)]
    [InlineData(ElementType.Int32, 0)]
    [InlineData(ElementType.Int32, 1)]
    [InlineData(ElementType.Int8, 0)]
    [InlineData(ElementType.UInt8, 0)]
    public void Remainders_have_the_sign_that_the_operator_says(ElementType type, long fmod)
    {
        var found = Run("Mod", type, fmod);
        Assert.Equal(Dividends.Zip(Divisors, (a, b) => Remainder(Wrapped(type, a), Wrapped(type, b), fmod != 0)), found);
    }

    [Fact]
    public void Divisions_that_do_no_harm_stay()
    {
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Int64, 4);
        b.Output("y", b.Div(b.Div(x, b.Longs(3)), b.Longs(4, 5, -2, 1)));
        b.Output("z", b.Div(b.Cast(x, ElementType.Float), b.Cast(x, ElementType.Float)));
        var graph = b.Build();
        Assert.Same(graph, SafeDivisions.Apply(graph));
    }

    private static long[] Run(string op, ElementType type, long fmod = 0)
    {
        var b = new GraphBuilder();
        var (x, d) = (b.Cast(b.Input("x", ElementType.Int64, 8), type), b.Cast(b.Input("d", ElementType.Int64, 8), type));
        b.Output("y", b.Cast(b.Emit(op, [x, d], op == "Mod" ? [("fmod", fmod)] : []), ElementType.Int64));
        using var session = new Session(b.Build(), RuntimeOptions.Default with { Threads = 1 });
        return session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Longs(Dividends), ["d"] = Tensor.Longs(Divisors) })["y"].ToLongs();
    }

    private static long Quotient(long a, long b, ElementType type) => type == ElementType.UInt64 ? (long)((ulong)a / Math.Max((ulong)b, 1)) : b == 0 ? a : b == -1 ? unchecked(-a) : a / b;

    private static long Remainder(long a, long b, bool isOfDividend)
    {
        if (b is 0 or -1) return 0;
        var rest = a % b;
        return isOfDividend || rest == 0 || rest < 0 == b < 0 ? rest : rest + b;
    }

    private static long Wrapped(ElementType type, long number) => unchecked(type switch
    {
        ElementType.Int32 => (int)number,
        ElementType.Int8 => (sbyte)number,
        ElementType.UInt8 => (byte)number,
        _ => number,
    });
}
