using FsCheck;
using FsCheck.Fluent;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Inference;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Graphs;

/// <summary>Random programs of shape arithmetic over an open batch: what is found out about their numbers is true for any batch.</summary>
public class ShapeArithmeticTests
{
    private const int Runs = 200;

    [Fact]
    public void What_is_known_of_a_random_program_is_what_it_computes()
    {
        // Four numbers a step: the operator, two operands and a place.
        var programs = Gen.Choose(0, 1 << 20).ArrayOf(120).Where(numbers => numbers.Length >= 4).ToArbitrary();
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(Runs), Prop.ForAll(programs, numbers => SmallStack.Run(() => Run(numbers))));
    }

    [Theory]
    [InlineData(long.MinValue, -1)]
    [InlineData(5, 0)]
    public void A_quotient_that_is_not_defined_is_not_known(long a, long b)
    {
        var (x, y) = (Given(a), Given(b));
        var quotient = new Value("q") { Type = ElementType.Int64, Dims = [1] };
        _ = new Node("Div", "div", [x, y], [quotient]);
        Assert.False(ShapeArithmetic.Of(quotient)![0].IsKnown);

        static Value Given(long n) => new("n") { Type = ElementType.Int64, Dims = [1], Constant = Tensor.Longs(n) };
    }

    [Theory]
    [InlineData("Div", long.MinValue, -1, long.MinValue)]
    [InlineData("Mod", long.MinValue, -1, 0)]
    [InlineData("Div", 7, -1, -7)]
    [InlineData("Mod", 7, -1, 0)]
    public void The_smallest_integer_folds_without_an_overflow(string op, long a, long b, long expected)
    {
        var builder = new GraphBuilder();
        Assert.Equal(expected, builder.Emit(op, [builder.Longs(a), builder.Longs(b)]).Constant!.ToLongs()[0]);
    }

    [Theory]
    [InlineData("Div")]
    [InlineData("Mod")]
    public void The_largest_byte_is_no_minus_one(string op)
    {
        var builder = new GraphBuilder();
        var result = builder.Emit(op, [builder.Constant(Tensor.Of<byte>([200], 1)), builder.Constant(Tensor.Of<byte>([255], 1))]);
        Assert.Equal(op == "Div" ? 0 : 200, result.Constant!.ToLongs()[0]);
    }

    private static void Run(int[] numbers)
    {
        const long batch = 5;
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, Shapes.Unknown, 3, 8, 9);
        var pool = new List<(Value Value, long[] Numbers)>
        {
            (b.Emit("Shape", [x]), [batch, 3, 8, 9]), (b.Size(x, 0), [batch]), (b.Longs(2, 3), [2, 3]), (b.Longs(-1), [-1]),
        };
        for (var i = 0; i + 3 < numbers.Length; i += 4) Step(numbers[i], pool[numbers[i + 1] % pool.Count], pool[numbers[i + 2] % pool.Count], numbers[i + 3]);
        foreach (var (value, expected) in pool)
        {
            var found = ShapeArithmetic.Of(value)!;
            Assert.Equal(expected.Length, found.Length);
            for (var k = 0; k < found.Length; k++)
            {
                if (found[k].Number is { } known) Assert.Equal(expected[k], known);
                if (found[k].Source is not null) Assert.Equal((x, 0, batch), (found[k].Source, found[k].Axis, expected[k]));
            }
        }

        void Step(int op, (Value Value, long[] Numbers) p, (Value Value, long[] Numbers) q, int place)
        {
            var n = p.Numbers.Length;
            switch (op % 9)
            {
                case 0: Pairwise("Add", (s, t) => s + t); break;
                case 1: Pairwise("Sub", (s, t) => s - t); break;
                case 2: Pairwise("Mul", (s, t) => s * t); break;
                case 3 when !q.Numbers.Contains(0) && !q.Numbers.Contains(-1): Pairwise("Div", (s, t) => s / t); break;
                case 4: pool.Add((b.Cast(b.Cast(p.Value, ElementType.Int32), ElementType.Int64), Array.ConvertAll(p.Numbers, s => (long)unchecked((int)s)))); break;
                case 5: pool.Add((b.Gather(p.Value, b.Longs(place % n, -1), 0), [p.Numbers[place % n], p.Numbers[^1]])); break;
                case 6 when n + q.Numbers.Length <= 64: pool.Add((b.Concat(0, p.Value, q.Value), [.. p.Numbers, .. q.Numbers])); break;
                case 7: pool.Add((b.Slice(p.Value, [place % n], [long.MaxValue], [0]), p.Numbers[(place % n)..])); break;
                case 8: pool.Add((b.Squeeze(b.Unsqueeze(p.Value, 1), 1), p.Numbers)); break;
            }

            void Pairwise(string name, Func<long, long, long> of)
            {
                var m = q.Numbers.Length;
                if (n != m && n != 1 && m != 1) return;
                pool.Add((b.Emit(name, [p.Value, q.Value]), [.. Enumerable.Range(0, Math.Max(n, m)).Select(k => of(p.Numbers[n == 1 ? 0 : k], q.Numbers[m == 1 ? 0 : k]))]));
            }
        }
    }
}
