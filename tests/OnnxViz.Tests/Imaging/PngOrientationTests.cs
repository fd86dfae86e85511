using System.Buffers.Binary;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using Xunit;

namespace OnnxViz.Tests.Imaging;

/// <summary>The orientation that a PNG's chunk eXIf holds, wherever the chunk stands and however it is written.</summary>
public class PngOrientationTests
{
    private const int Width = 3, Height = 2;

    public static TheoryData<int, bool, bool, bool> Ways
    {
        get
        {
            var ways = new TheoryData<int, bool, bool, bool>();
            for (var orientation = 1; orientation <= 8; orientation++)
                for (var way = 0; way < 8; way++) ways.Add(orientation, (way & 1) > 0, (way & 2) > 0, (way & 4) > 0);
            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Pictures_are_turned_upright(int orientation, bool isLittle, bool isLong, bool isBehind)
    {
        var stored = new Image(Width, Height);
        for (var i = 0; i < stored.Pixels.Length; i++) stored.Pixels[i] = (byte)(10 * i);
        var shown = ImageFile.Decode(With(PngWriter.Encode(stored), Exif(orientation, isLittle, isLong), isBehind), "turned.png");

        Assert.Equal(orientation < 5 ? (Width, Height) : (Height, Width), (shown.Width, shown.Height));
        for (var y = 0; y < shown.Height; y++)
        {
            for (var x = 0; x < shown.Width; x++)
            {
                // EXIF 2.32, tag 0x0112: the stored picture's row 0 and column 0 are the shown one's sides.
                var (column, row) = orientation switch
                {
                    1 => (x, y),
                    2 => (Width - 1 - x, y),
                    3 => (Width - 1 - x, Height - 1 - y),
                    4 => (x, Height - 1 - y),
                    5 => (y, x),
                    6 => (y, Height - 1 - x),
                    7 => (Width - 1 - y, Height - 1 - x),
                    _ => (Width - 1 - y, x),
                };
                Assert.Equal(stored.Pixels[stored.Offset(column, row)], shown.Pixels[shown.Offset(x, y)]);
            }
        }
    }

    private static byte[] Exif(int orientation, bool isLittle, bool isLong)
    {
        var tiff = new byte[26];
        (isLittle ? "II*\0"u8 : "MM\0*"u8).CopyTo(tiff);
        Long(4, 8);
        Short(8, 1);
        Short(10, 0x0112);
        Short(12, isLong ? 4 : 3);
        Long(14, 1);
        if (isLong) Long(18, orientation);
        else Short(18, orientation);
        return tiff;

        void Short(int at, int value)
        {
            if (isLittle) BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(at), (ushort)value);
            else BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(at), (ushort)value);
        }

        void Long(int at, int value)
        {
            if (isLittle) BinaryPrimitives.WriteInt32LittleEndian(tiff.AsSpan(at), value);
            else BinaryPrimitives.WriteInt32BigEndian(tiff.AsSpan(at), value);
        }
    }

    private static byte[] With(byte[] png, byte[] exif, bool isBehind)
    {
        using var file = new MemoryStream();
        file.Write(PngChunk.Signature);
        foreach (var chunk in PngChunk.ReadAll(png, "stored"))
        {
            if (chunk.Type == (isBehind ? "IEND" : "IDAT")) PngChunk.Write(file, "eXIf", exif);
            PngChunk.Write(file, chunk.Type, chunk.Data.Span);
        }

        return file.ToArray();
    }
}
