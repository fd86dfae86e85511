using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Fields;
using OnnxViz.Graphs.Naming;
using OnnxViz.Graphs.Opsets;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Graphs;

/// <summary>Loops, scans, conditions and lists of tensors: what they are copied as gives ONNX Runtime's numbers, without any of them, and has its gradient.</summary>
public class ControlFlowTests
{
    private static readonly string[] Followed = ["If", "Loop", "Scan", "ConcatFromSequence", "SequenceAt", "SequenceErase", "SequenceInsert", "SequenceLength", "SplitToSequence"];

    private static readonly Dictionary<string, Func<GraphBuilder, Value, Value>> Models = new()
    {
        ["a Loop that carries a sum and stacks its products"] = (b, x) => Floats(b, b.Add(Floats(b, Recurring(b, x, 4)[1]), Floats(b, Recurring(b, x, 4)[0]))),
        ["a Loop that ends by its condition"] = (b, x) => Floats(b, Loop(b, long.MaxValue, [x], (body, i, carried) => ([body.Mul(carried[0], body.Constant(0.5f))], [], body.Less(i, body.Constant(Scalar(2)))))[0]),
        ["a Loop with the number of its run as a place"] = (b, x) => Floats(b, Loop(b, 3, [x], (body, i, carried) => ([body.Mul(carried[0], 2)], [body.Gather(x, i, 0)], null))[1]),
        ["a Loop that never runs"] = (b, x) => b.Square(Floats(b, Loop(b, 0, [x], (body, _, carried) => ([body.Mul(carried[0], 2)], [], null))[0])),
        ["a Loop in a Loop"] = (b, x) => Floats(b, Loop(b, 2, [x], (outer, i, o) =>
            ([Floats(outer, Loop(outer, 3, [o[0]], (inner, k, c) => ([inner.Mul(c[0], inner.Add(x, inner.Cast(inner.Add(i, k), ElementType.Float)))], [], null), "inner")[0])], [], null))[0]),
        ["an If in a Loop that its number decides"] = (b, x) => Floats(b, Loop(b, 3, [x], (body, i, c) =>
            ([Floats(body, If(body, body.Equal(i, body.Constant(Scalar(1))), t => t.Exp(c[0]), e => e.Square(c[0])))], [], null))[0]),
        ["a Scan"] = (b, x) => Floats(b, Scan(b, x, [])[1]),
        ["a Scan from the end"] = (b, x) => Floats(b, Scan(b, x, new() { ["scan_input_directions"] = new long[] { 1 } })[0]),
        ["a Scan along the last axis"] = (b, x) => Floats(b, Scan(b, b.Transpose(x, 1, 0), new()
        {
            ["scan_input_axes"] = new long[] { 1 },
            ["scan_output_axes"] = new long[] { -1 },
            ["scan_output_directions"] = new long[] { 1 },
        })[1]),
        ["an If that the picture decides, yes"] = (b, x) => Floats(b, If(b, b.Greater(Total(b, x), b.Constant(-100)), t => t.Exp(x), e => e.Square(x))),
        ["an If that the picture decides, no"] = (b, x) => Floats(b, If(b, b.Greater(Total(b, x), b.Constant(100)), t => t.Exp(x), e => e.Square(x))),
        ["an If by a vector of one"] = (b, x) => Floats(b, If(b, b.Reshape(b.Greater(Total(b, x), b.Constant(0)), 1), t => t.Exp(x), e => e.Square(x))),
        ["a list of single elements"] = (b, x) => Taken(b, b.Emit("SplitToSequence", [x], ("axis", 0L)), -1),
        ["a list of single elements without their axis"] = (b, x) => Taken(b, b.Emit("SplitToSequence", [x], ("axis", 1L), ("keepdims", 0L)), 2),
        ["a list of parts of one size, the last smaller"] = (b, x) => Taken(b, b.Emit("SplitToSequence", [x, b.Constant(Scalar(3))], ("axis", 1L)), 1),
        ["a list of parts of sizes given"] = (b, x) => Taken(b, b.Emit("SplitToSequence", [x, b.Longs(1, 3)], ("axis", 1L)), -1),
        ["a list with one more and one less"] = (b, x) =>
        {
            var list = b.Emit("SequenceInsert", [b.Emit("SequenceConstruct", [x, b.Exp(x)]), b.Square(x), b.Constant(Scalar(-1))]);
            return Floats(b, b.Emit("ConcatFromSequence", [b.Emit("SequenceErase", [list, b.Constant(Scalar(0))])], ("axis", -1L)));
        },
        ["the length of a list"] = (b, x) => b.Mul(x, b.Cast(b.Emit("SequenceLength", [b.Emit("SplitToSequence", [x], ("axis", 1L))]), ElementType.Float)),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_what_it_computes(string name)
    {
        var model = Model(name);
        var x = TinyTensors.Random(ElementType.Float, new Random(11), [3, 4]);
        using var original = new Session(model, RuntimeOptions.Default);
        using var copy = new TinyGraph(Inlined, [x]);
        Near.Each(name, original.Run(new Dictionary<string, Tensor> { ["image"] = x })["y"].ToDoubles(), copy.Forward([x])[0], 1e-6);
        GradientCheck.Function(name, Inlined, [x], tolerance: 2e-4, isSized: true);

        var built = new GraphBuilder();
        built.Output("y", Inlined(built, [built.Input("x", ElementType.Float, 3, 4)])[0]);
        Assert.Empty(built.Build().Nodes.Select(n => n.OpType).Intersect(Followed));

        Value[] Inlined(GraphBuilder b, Value[] xs) => [b.Inline(model, new Dictionary<Value, Value> { [model.Inputs[0]] = xs[0] }, model.Outputs)[model.Outputs[0]]];
    }

    /// <summary>What torch.split was exported as: neither summary nor a hint offers the list, and its parts see what the layer before it sees.</summary>
    [Fact]
    public void A_list_is_no_layer_and_keeps_what_its_parts_see()
    {
        var b = new GraphBuilder();
        var image = b.Input("image", ElementType.Float, 1, 3, 8, 8);
        var conv = b.Emit("Conv", [image, b.Constant(Tensor.Of(new float[4 * 27], 4, 3, 3, 3))]);
        var list = b.Emit("SplitToSequence", [conv, b.Longs(1, 3)], ("axis", 1L));
        var part = b.Emit("SequenceAt", [list, b.Constant(Scalar(1))]);
        var y = b.Emit("Relu", [part]);
        b.Output("y", y);
        var model = b.Build();
        Assert.Equal(["Conv", "SequenceAt", "Relu", "Identity"], LayerTable.For(model).Layers.Select(l => l.Node.OpType));
        var copy = new GraphBuilder();
        var map = copy.Inline(model, new Dictionary<Value, Value> { [image] = copy.Input("x", ElementType.Float, 1, 3, 8, 8) }, model.Outputs);
        Assert.Equal(3, ReceptiveFields.Of(model, map).Of(y)!.Value.Height.Size);
    }

    /// <summary>What torch.stack of a list that a scripted loop fills is exported as.</summary>
    [Fact]
    public void A_list_that_a_loop_fills_is_what_is_in_it()
    {
        var b = new GraphBuilder();
        var image = b.Input("image", ElementType.Float, 3, 4);
        var list = Loop(b, 3, [b.Emit("SequenceEmpty", [])], (body, i, c) => ([body.Emit("SequenceInsert", [c[0], body.Mul(image, body.Cast(i, ElementType.Float))])], [], null))[0];
        b.Output("y", b.Emit("ConcatFromSequence", [list], ("axis", 1L), ("new_axis", 1L)));
        var model = b.Build();
        Assert.DoesNotContain(LayerTable.For(model).Layers, l => l.Node.OpType == "Loop");
        var x = TinyTensors.Random(ElementType.Float, new Random(11), [3, 4]);
        using var copy = new TinyGraph((to, xs) => [to.Inline(model, new Dictionary<Value, Value> { [image] = xs[0] }, model.Outputs)[model.Outputs[0]]], [x]);
        Assert.Equal([3, 3, 4], copy.Outputs[0].Dims);
        var numbers = x.ToDoubles();
        Assert.Equal(numbers.Chunk(4).SelectMany(row => Enumerable.Range(0, 3).SelectMany(i => row.Select(v => (double)((float)v * i)))), copy.Forward([x])[0]);
    }

    private static readonly Dictionary<string, (string Message, Func<GraphBuilder, Value, Value> Make)> Refusals = new()
    {
        ["count"] = ("Loop node 'loop' decides while the model runs how often it repeats", (b, x) => Loop(b, b.Cast(Total(b, x), ElementType.Int64), [x], (body, _, c) => ([c[0]], [], null))[0]),
        ["condition"] = ("Loop node 'loop' decides while the model runs how often it repeats", (b, x) => Loop(b, 9, [x], (body, _, c) => ([body.Mul(c[0], 2)], [], body.Greater(Total(body, c[0]), body.Constant(0))))[0]),
        ["scanned length"] = ("Scan node 'scan' would run 12000 times", (b, x) => Scan(b, b.Reshape(b.Expand(b.Unsqueeze(x, 0), 4000, 3, 4), 12000, 4), [])[1]),
        ["length"] = ("would be more than 50000 nodes", (b, x) => Loop(b, 1L << 40, [x], (body, _, c) => ([body.Mul(c[0], 2)], [], null))[0]),
        ["shapes"] = ("If node 'if' decides while the model runs between results of different shapes ([3,4] and [12])", (b, x) => If(b, b.Greater(Total(b, x), b.Constant(0)), t => t.Exp(x), e => e.Reshape(x, 12))),
        ["types"] = ("between results of different types (Float and Int64)", (b, x) => If(b, b.Greater(Total(b, x), b.Constant(0)), t => t.Exp(x), e => e.Cast(x, ElementType.Int64))),
        ["rows"] = ("Loop node 'loop' never runs", (b, x) => Loop(b, 0, [x], (body, _, c) => ([c[0]], [body.Reshape(c[0], Shape(body, c[0]))], null))[1]),
        ["position"] = ("SequenceAt node 'SequenceAt' takes position 7 of a list of 4", (b, x) => b.Emit("SequenceAt", [b.Emit("SplitToSequence", [x], ("axis", 1L)), b.Constant(Scalar(7))])),
        ["open position"] = ("takes a position that is known only when the model runs", (b, x) => b.Emit("SequenceAt", [b.Emit("SplitToSequence", [x], ("axis", 1L)), b.Cast(Total(b, x), ElementType.Int64)])),
        ["sizes"] = ("takes apart into sizes that are known only when the model runs", (b, x) => b.Emit("SequenceAt", [b.Emit("SplitToSequence", [x, b.Cast(Total(b, x), ElementType.Int64)], ("axis", 1L)), b.Constant(Scalar(0))])),
        ["no size"] = ("takes 4 elements apart by 0", (b, x) => b.Emit("SequenceAt", [b.Emit("SplitToSequence", [x, b.Constant(Scalar(0))], ("axis", 1L)), b.Constant(Scalar(0))])),
        ["too few"] = ("parts of [1,2] along axis 1", (b, x) => b.Emit("SequenceAt", [b.Emit("SplitToSequence", [x, b.Longs(1, 2)], ("axis", 1L)), b.Constant(Scalar(0))])),
        ["nothing to join"] = ("joins a list without tensors", (b, x) => b.Emit("ConcatFromSequence", [b.Emit("SequenceEmpty", [])], ("axis", 1L))),
    };

    public static TheoryData<string> Faults => [.. Refusals.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_cannot_be_followed_is_said(string name)
    {
        var b = new GraphBuilder();
        b.Output("y", Refusals[name].Make(b, b.Input("image", ElementType.Float, 3, 4)));
        var model = b.Build();
        var copy = new GraphBuilder();
        var x = copy.Input("x", ElementType.Float, 3, 4);
        var error = Assert.Throws<OnnxVizException>(() => copy.Inline(model, new Dictionary<Value, Value> { [model.Inputs[0]] = x }, model.Outputs));
        Assert.Equal(Fault.Input, error.Fault);
        Assert.Contains(Refusals[name].Message, error.Message);
    }

    private static Graph Model(string name)
    {
        var b = new GraphBuilder();
        b.Output("y", Models[name](b, b.Input("image", ElementType.Float, 3, 4)));
        return b.Build();
    }

    /// <summary>c' = c * 0.9 + x, with c * x stacked.</summary>
    private static Value[] Recurring(GraphBuilder b, Value x, long count) =>
        Loop(b, count, [b.Mul(x, x)], (body, _, c) => ([body.Add(body.Mul(c[0], 0.9f), x)], [body.Mul(c[0], x)], null), "recurring" + b.Graph.Nodes.Count);

    private static Value[] Loop(
        GraphBuilder b, long count, Value[] start, Func<GraphBuilder, Value, Value[], (Value[] Carried, Value[] Stacked, Value? GoesOn)> step, string name = "loop") =>
        Loop(b, b.Constant(Scalar(count)), start, step, name);

    private static Value[] Loop(
        GraphBuilder b, Value count, Value[] start, Func<GraphBuilder, Value, Value[], (Value[] Carried, Value[] Stacked, Value? GoesOn)> step, string name = "loop")
    {
        var body = new GraphBuilder(name);
        using var scope = body.Scope(name);
        var (i, goesOn) = (body.Input(name + "_i", ElementType.Int64), body.Input(name + "_on", ElementType.Bool));
        var carried = start.Select((s, k) => body.Input($"{name}_c{k}", ElementType.Float, 3, 4)).ToArray();
        var (next, stacked, condition) = step(body, i, carried);
        body.Output(name + "_on_out", condition ?? goesOn);
        for (var k = 0; k < next.Length; k++) body.Output($"{name}_c{k}_out", next[k]);
        for (var k = 0; k < stacked.Length; k++) body.Output($"{name}_s{k}_out", stacked[k]);
        return b.Node("Loop", [count, null, .. start], new Dictionary<string, object> { ["body"] = body.Build() }, next.Length + stacked.Length, name);
    }

    /// <summary>c' = c * 0.5 + x_i, with c' * x_i as what is stacked.</summary>
    private static Value[] Scan(GraphBuilder b, Value x, Dictionary<string, object> attributes)
    {
        var body = new GraphBuilder("scan");
        using var scope = body.Scope("scan");
        var (c, part) = (body.Input("scan_c", ElementType.Float, 4), body.Input("scan_x", ElementType.Float, 4));
        var next = body.Add(body.Mul(c, 0.5f), part);
        body.Output("scan_c_out", next);
        body.Output("scan_y_out", body.Mul(next, part));
        attributes["body"] = body.Build();
        attributes["num_scan_inputs"] = 1L;
        return b.Node("Scan", [b.Constant(Tensor.Of([1f, 2, 3, 4], 4)), x], attributes, 2, "scan");
    }

    private static Value If(GraphBuilder b, Value condition, Func<GraphBuilder, Value> yes, Func<GraphBuilder, Value> no)
    {
        return b.Node("If", [condition], new Dictionary<string, object> { ["then_branch"] = Branch("then", yes), ["else_branch"] = Branch("else", no) }, name: "if")[0];

        static Graph Branch(string name, Func<GraphBuilder, Value> make)
        {
            var branch = new GraphBuilder(name);
            using var scope = branch.Scope(name);
            branch.Output(name + "_out", make(branch));
            return branch.Build();
        }
    }

    private static Value Taken(GraphBuilder b, Value list, long place) => b.Square(Floats(b, b.Emit("SequenceAt", [list, b.Constant(Scalar(place))])));

    private static Value Total(GraphBuilder b, Value x) => b.ReduceMean(x, [0, 1], keep: false);

    private static Value Shape(GraphBuilder b, Value x) => b.Cast(b.Emit("Round", [b.Add(b.Mul(b.Emit("ReduceMax", [x, b.Longs(0)], ("keepdims", 0L)), 0), b.Constant(3))]), ElementType.Int64);

    /// <summary>What it is of is known to whoever made it only.</summary>
    private static Value Floats(GraphBuilder b, Value value) => b.Cast(value, ElementType.Float);

    private static Tensor Scalar(long number) => Tensor.Scalar(number);
}
