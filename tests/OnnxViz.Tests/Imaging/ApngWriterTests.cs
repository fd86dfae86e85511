using System.Buffers.Binary;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using Xunit;

namespace OnnxViz.Tests.Imaging;

public class ApngWriterTests
{
    private static readonly Image[] Frames = [.. Enumerable.Range(0, 3).Select(Frame)];

    [Fact]
    public void Every_frame_is_a_picture_of_its_own()
    {
        var chunks = PngChunk.ReadAll(ApngWriter.Encode(Frames, [80, 80, 1500]), "animation").ToList();
        Assert.Equal(["IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT", "IEND"], chunks.Select(c => c.Type));
        Assert.Equal([0, 0, 0, 3, 0, 0, 0, 0], chunks[1].Data.ToArray());
        // Sequence numbers count control and data alike.
        Assert.Equal([0, 1, 2, 3, 4], chunks.Where(c => c.Type is "fcTL" or "fdAT").Select(c => BinaryPrimitives.ReadInt32BigEndian(c.Data.Span)));
        var control = chunks[6].Data.Span;
        Assert.Equal(26, control.Length);
        Assert.Equal((7, 5, 0, 0), (Number(control, 4), Number(control, 8), Number(control, 12), Number(control, 16)));
        Assert.Equal((1500, 1000), (BinaryPrimitives.ReadUInt16BigEndian(control[20..]), BinaryPrimitives.ReadUInt16BigEndian(control[22..])));
        foreach (var (i, data) in chunks.Where(c => c.Type is "IDAT" or "fdAT").Index())
            Assert.Equal(Frames[i].Pixels, Alone(chunks[0], data.Type == "IDAT" ? data.Data : data.Data[4..]).Pixels);
    }

    [Fact]
    public void Who_knows_no_animations_sees_the_first_frame_and_the_text()
    {
        var bytes = ApngWriter.Encode(Frames, [1, 1, 1], [new("onnxviz", "{}")]);
        Assert.Equal(Frames[0].Pixels, ImageFile.Decode(bytes, "animation").Pixels);
        Assert.Equal("{}", PngText.Read(bytes).Single().Value);
    }

    [Fact]
    public void Frames_of_different_sizes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ApngWriter.Encode([Frames[0], new Image(5, 7)], [1, 1]));
        Assert.Throws<ArgumentException>(() => ApngWriter.Encode(Frames, [1]));
        Assert.ThrowsAny<ArgumentException>(() => ApngWriter.Encode([], []));
    }

    private static int Number(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadInt32BigEndian(data[at..]);

    private static Image Alone(PngChunk header, ReadOnlyMemory<byte> data)
    {
        using MemoryStream file = new();
        file.Write(PngChunk.Signature);
        PngChunk.Write(file, "IHDR", header.Data.Span);
        PngChunk.Write(file, "IDAT", data.Span);
        PngChunk.Write(file, "IEND", []);
        return ImageFile.Decode(file.ToArray(), "frame");
    }

    private static Image Frame(int number)
    {
        Image image = new(7, 5);
        for (var i = 0; i < image.Pixels.Length; i++) image.Pixels[i] = (byte)((i * (37 + number)) + (50 * number));
        return image;
    }
}
