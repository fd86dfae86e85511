using System.Buffers.Binary;
using System.IO.Compression;
using OnnxViz.Datasets;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Datasets;

/// <summary>Files that are truncated, wrong or lying: an error that names the file and what was expected.</summary>
public sealed class DamagedDatasetTests : IDisposable
{
    private const string TrainImages = "train-images-idx3-ubyte";

    private const string TrainLabels = "train-labels-idx1-ubyte";

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("idx", TrainImages)]
    [InlineData("idx-gz", TrainImages + ".gz")]
    [InlineData("idx", TrainLabels)]
    [InlineData("idx-gz", TrainLabels + ".gz")]
    [InlineData("idx-gz", "t10k-images-idx3-ubyte.gz")]
    public void Truncated_IDX(string fixture, string file)
    {
        // The last bytes of gzip are no content: an end mark and sums.
        for (var keep = Bytes(fixture, file).Length - (fixture == "idx" ? 1 : 16); keep > 0; keep -= 7)
        {
            Copy(fixture);
            _folder.Write(file, Bytes(fixture, file)[..keep]);
            Refuses(file);
        }
    }

    [Fact]
    public void Bytes_behind_the_end()
    {
        Copy("idx");
        _folder.Write(TrainImages, [.. Bytes("idx", TrainImages), 0]);
        Refuses(TrainImages, "20 pictures of 5x4 take 416 bytes; the file has 417");
        Copy("idx-gz");
        File.Delete(_folder[TrainImages]);
        _folder.Write(TrainImages + ".gz", Zipped([.. Bytes("idx", TrainImages), 0]));
        Refuses(TrainImages + ".gz", "more bytes follow");
    }

    [Fact]
    public void Labels_in_the_place_of_pictures()
    {
        Copy("idx");
        _folder.Write(TrainImages, Bytes("idx", TrainLabels));
        Refuses(TrainImages, "begins with the number 2051, here is 2049");
        _folder.Write(TrainImages, "no IDX at all"u8.ToArray());
        Refuses(TrainImages, "begins with the number 2051");
    }

    [Fact]
    public void More_pictures_than_labels()
    {
        Copy("idx");
        _folder.Write(TrainLabels, Bytes("idx", "t10k-labels-idx1-ubyte"));
        Refuses(TrainImages, "20 pictures", "10 labels");
    }

    [Fact]
    public void A_label_that_is_no_class()
    {
        Copy("idx");
        var labels = Bytes("idx", TrainLabels);
        labels[^1] = 10;
        _folder.Write(TrainLabels, labels);
        Refuses(TrainLabels, "label 10 of picture 19", "0 to 9");
    }

    [Fact]
    public void A_missing_file()
    {
        Copy("idx");
        File.Delete(_folder["t10k-labels-idx1-ubyte"]);
        Refuses("t10k-labels-idx1-ubyte.gz");
    }

    [Theory]
    [InlineData(0, int.MaxValue)]
    [InlineData(0, -1)]
    [InlineData(0, 0)]
    [InlineData(1, int.MaxValue)]
    [InlineData(2, 0)]
    [InlineData(2, -5)]
    public void A_header_that_claims_too_much_costs_no_memory(int dimension, int claim)
    {
        foreach (var zipped in new[] { false, true })
        {
            Copy("idx");
            var bytes = Bytes("idx", TrainImages);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * dimension)), claim);
            _folder.Write(TrainImages, zipped ? Zipped(bytes) : bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Refuses(TrainImages);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20 << 20);
        }
    }

    [Fact]
    public void Damaged_gzip()
    {
        Copy("idx-gz");
        var file = TrainImages + ".gz";
        var bytes = Bytes("idx-gz", file);
        bytes[bytes.Length / 2] ^= 0x55;
        _folder.Write(file, bytes);
        Refuses(file);
    }

    [Fact]
    public void CIFAR_that_is_not_whole()
    {
        const string batch = "data_batch_3.bin";
        Copy("cifar/cifar-10-batches-bin");
        _folder.Write(batch, Bytes("cifar/cifar-10-batches-bin", batch)[..^1]);
        Refuses(batch, "records of 3073 bytes");
        File.Delete(_folder[batch]);
        Refuses(batch);
        var bytes = Bytes("cifar/cifar-10-batches-bin", batch);
        bytes[3073] = 10;
        _folder.Write(batch, bytes);
        Refuses(batch, "label 10 of picture 1");
        Copy("cifar/cifar-10-batches-bin");
        _folder.Write("batches.meta.txt", "cat\ndog\n"u8.ToArray());
        Refuses("batches.meta.txt", "2 classes; 10 are expected");
    }

    [Theory]
    [InlineData("{\"data\":[0,0.5]}", "0 pictures and 2 numbers more")]
    [InlineData("{\"data\":[]}", "0 pictures")]
    [InlineData("{\"data\":[0,2]}", "2 is not within 0 and 1")]
    [InlineData("{\"data\":[0,null]}", "something else than numbers")]
    [InlineData("{\"data\":[0,1e999]}", "")]
    [InlineData("{\"data\":[0,0", "")]
    [InlineData("{\"dates\":[]}", "does not begin with")]
    [InlineData("[0]", "does not begin with")]
    [InlineData("digits", "")]
    public void Digits_that_are_none(string json, string said)
    {
        Copy("digits");
        _folder.Write("3.json", System.Text.Encoding.UTF8.GetBytes(json));
        Refuses("3.json", said);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Bytes(string fixture, string file) => File.ReadAllBytes(Repository.Fixture($"datasets/{fixture}/{file}"));

    private static byte[] Zipped(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest)) gzip.Write(bytes);
        return stream.ToArray();
    }

    private void Copy(string fixture)
    {
        foreach (var file in Directory.GetFiles(Repository.Fixture($"datasets/{fixture}"))) _folder.Write(Path.GetFileName(file), File.ReadAllBytes(file));
    }

    private void Refuses(string file, params string[] said)
    {
        var e = Assert.Throws<OnnxVizException>(() => Dataset.Open(_folder.Path));
        Assert.Equal(Fault.Input, e.Fault);
        Assert.All(said.Append(file), text => Assert.Contains(text, e.Message, StringComparison.Ordinal));
    }
}
