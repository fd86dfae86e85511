using OnnxViz.Graphs;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Onnx;

/// <summary>.npy files that are read and written some rows at a time.</summary>
public sealed class NpyRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_appended_are_the_file_of_all()
    {
        var all = Enumerable.Range(0, 120).Select(i => i / 7f).ToArray();
        using (var writer = new NpyWriter(_folder["new/rows.npy"]))
        {
            writer.Append(Tensor.Of(all[..24], 1, 2, 3, 4));
            writer.Append(Tensor.Of(all[24..96], 3, 2, 3, 4));
            Assert.False(File.Exists(_folder["new/rows.npy"]));
            writer.Append(Tensor.Of(all[96..], 1, 2, 3, 4));
            Assert.True(writer.Finish());
        }

        Assert.Equal(NpyFile.Encode(all, 5, 2, 3, 4), File.ReadAllBytes(_folder["new/rows.npy"]));
        using var rows = new NpyRows(_folder["new/rows.npy"]);
        Assert.Equal([5, 2, 3, 4], rows.Dims);
        Assert.Equal(all[48..96], rows.Read(2, 2).ToFloats());
        Assert.Single(Directory.GetFiles(_folder["new"]));
    }

    [Fact]
    public void Without_an_end_there_is_no_file()
    {
        using (var writer = new NpyWriter(_folder["rows.npy"])) writer.Append(Tensor.Of(new float[4], 2, 2));
        using (var writer = new NpyWriter(_folder["none.npy"])) Assert.False(writer.Finish());
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Rows_are_of_one_shape()
    {
        using var writer = new NpyWriter(_folder["rows.npy"]);
        writer.Append(Tensor.Of(new float[4], 2, 2));
        Assert.Contains("[3]", Assert.Throws<OnnxVizException>(() => writer.Append(Tensor.Of(new float[3], 1, 3))).Message);
    }
}
