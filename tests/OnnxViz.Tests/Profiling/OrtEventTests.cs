using OnnxViz.Profiling;
using Xunit;

namespace OnnxViz.Tests.Profiling;

/// <summary>Lines as ONNX Runtime 1.31 writes them.</summary>
public sealed class OrtEventTests
{
    private const string Conv = """
        {"cat" : "Node","pid" :26639,"tid" :7,"dur" :431,"ts" :411700,"ph" : "X","name" :"relu1_1_nchwc_kernel_time","args" : {"provider" : "CPUExecutionProvider","input_type_shape" : [{"float":[2,3,8,8]},{"float":[16,3,3,3]},{}],"mem_in_use_peak" : "1048576","output_size" : "8192","activation_size" : "1536","output_type_shape" : [{"float":[2,16,8,8]}],"thread_scheduling_stats" : {"main_thread": {"thread_pool_name": "x", "block_size": [1]}},"parameter_size" : "1728","op_name" : "Conv"}},
        """;

    [Fact]
    public void A_node_is_read()
    {
        var e = Parse(Conv)!;
        Assert.Equal((true, "relu1_1_nchwc", "Conv", "CPUExecutionProvider"), (e.IsNode, e.Name, e.Operator, e.Provider));
        Assert.Equal((7, 411700, 431, 8192 + 1536 + 1728, 1048576), (e.Thread, e.Start, e.Duration, e.Bytes, e.PeakBytes));
        Assert.Equal([[2L, 3, 8, 8], [16L, 3, 3, 3], null], e.Inputs);
        Assert.Equal([[2L, 16, 8, 8]], e.Outputs);
        // None of ours: what ONNX Runtime says counts, its blocks of channels too.
        Assert.Equal(2 * 2 * 16 * 64 * 27, NodeFacts.FlopsOf(e));
    }

    [Theory]
    [InlineData("""{"op_name" : "FusedMatMul","input_type_shape" : [{"float":[5,7,3]},{"float":[5,7,4]}],"output_type_shape" : [{"float":[5,3,4]}]}""", 2 * 5 * 3 * 7 * 4)]
    [InlineData("""{"op_name" : "Gemm","input_type_shape" : [{"float":[3,7]},{"float":[7,4]},{"float":[4]}],"output_type_shape" : [{"float":[3,4]}]}""", 2 * 3 * 7 * 4)]
    [InlineData("""{"op_name" : "ConvTranspose","input_type_shape" : [{"float":[1,4,5,5]},{"float":[4,2,3,3]}],"output_type_shape" : [{"float":[1,2,7,7]}]}""", 2 * 100 * 18)]
    [InlineData("""{"op_name" : "MatMul","input_type_shape" : [{"float":[3,7]}],"output_type_shape" : [{"float":[3,4]}]}""", 0)]
    [InlineData("""{"op_name" : "Relu","input_type_shape" : [{"float":[3,7]}],"output_type_shape" : [{"float":[3,7]}]}""", 0)]
    public void What_is_none_of_ours_is_counted_by_its_shapes(string args, long flops) =>
        Assert.Equal(flops, NodeFacts.FlopsOf(Parse($$"""{"cat" : "Node","name" :"x_kernel_time","args" : {{args}} },""")!));

    [Theory]
    [InlineData("[")]
    [InlineData("]")]
    [InlineData("")]
    [InlineData("{\"cat\" : \"Node\",\"dur\"")]
    [InlineData("{\"cat\" : \"Node\",\"dur\" :\"soon\"}")]
    [InlineData("{\"cat\" : \"Node\",\"name\" :\"x_fence_before\",\"args\" : {}},")]
    public void What_is_no_event_is_passed_over(string line) => Assert.Null(Parse(line));

    private static OrtEvent? Parse(string line) => OrtEvent.TryParse(System.Text.Encoding.UTF8.GetBytes(line));

    [Fact]
    public void Time_of_a_body_is_its_own_and_not_its_loops()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, """
                [
                {"cat" : "Node","tid" :1,"dur" :20,"ts" :110,"name" :"a_kernel_time","args" : {"op_name" : "Add"}},
                {"cat" : "Node","tid" :1,"dur" :30,"ts" :130,"name" :"b_kernel_time","args" : {"op_name" : "Mul"}},
                {"cat" : "Node","tid" :1,"dur" :70,"ts" :100,"name" :"loop_kernel_time","args" : {"op_name" : "Loop"}},
                {"cat" : "Node","tid" :1,"dur" :5,"ts" :171,"name" :"c_kernel_time","args" : {"op_name" : "Neg"}},
                {"cat" : "Session","tid" :1,"dur" :90,"ts" :95,"name" :"model_run","args" : {}}
                ]
                """);
            var profile = OrtProfile.Read(path, new NodeIndex(new OnnxViz.Graphs.Graph { Name = "empty", Opset = 20 }), new Timeline(0));
            Assert.Equal([("a", 20), ("b", 30), ("loop", 20), ("c", 5)], profile.Nodes.Select(n => (n.Name, n.Time)));
            Assert.Equal((1, 90), (profile.Count, profile.Inside));
            Assert.Equal(4, Assert.Single(profile.Runs).Nodes.Count);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
