using System.Runtime.InteropServices;
using System.Text;

namespace OnnxViz.Cli.Shell;

/// <summary>
/// Standard output or error as Unix has it. Console's own stream asks the terminal's data base for keys and colours before it writes the
/// first letter, which takes a tenth of the time that help needs.
/// </summary>
/// <param name="descriptor">1 or 2.</param>
internal sealed partial class StandardStream(int descriptor) : Stream
{
    private const int Interrupted = 4, BrokenPipe = 32;

    private bool _isClosed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>In UTF-8, each text at once; for any number of threads.</summary>
    public static TextWriter Writer(int descriptor) =>
        TextWriter.Synchronized(new StreamWriter(new StandardStream(descriptor), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 12) { AutoFlush = true });

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <exception cref="IOException">The disk is full.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty && !_isClosed)
        {
            var written = WriteSome(descriptor, buffer, (nuint)buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            // Whoever read has left, as `head` does: there is nobody to tell.
            if (error == BrokenPipe) _isClosed = true;
            else if (error == (OperatingSystem.IsLinux() ? 11 : 35)) Thread.Sleep(1); // EAGAIN: the reader is slow and the pipe does not wait.
            else if (error != Interrupted) throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteSome(int descriptor, ReadOnlySpan<byte> buffer, nuint count);
}
