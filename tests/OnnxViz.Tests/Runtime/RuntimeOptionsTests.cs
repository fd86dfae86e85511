using OnnxViz.Cli;
using OnnxViz.Cli.Parsing;
using OnnxViz.Cli.Results;
using Xunit;

namespace OnnxViz.Tests.Runtime;

public class RuntimeOptionsTests
{
    /// <summary>Zero is ONNX Runtime's word for as many as there are physical cores.</summary>
    [Theory]
    [InlineData(3, "--threads", "3")]
    [InlineData(1, "--threads", "1")]
    [InlineData(0)]
    public void Threads_reach_the_session(int expected, params string[] args)
    {
        Arguments.Parse(["maximize", "--device", "cpu", .. args], new Streams(TextWriter.Null, TextWriter.Null, default), out var verb);
        using var session = ((MaximizeVerb)verb!).Runtime().ToSessionOptions();
        Assert.Equal((expected, 1), (session.IntraOpNumThreads, session.InterOpNumThreads));
    }
}
