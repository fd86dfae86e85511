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

    /// <summary>Whoever read has left.</summary>
    private bool _isLeft;

    private bool _isClosed = IsTakenByOthers(descriptor);

    /// <summary>Why something that was to be written was not; null for nothing.</summary>
    public string? Fault { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>In UTF-8, each text at once; for any number of threads. What cannot be written is lost and told by <see cref="Fault"/>: work that takes hours is not ended by it.</summary>
    public TextWriter Writer() =>
        TextWriter.Synchronized(new StreamWriter(this, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 12) { AutoFlush = true });

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_isClosed && !buffer.IsEmpty && !_isLeft) Fault ??= "it is closed";
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
            if (error == BrokenPipe) _isClosed = _isLeft = true;
            else if (error == (OperatingSystem.IsLinux() ? 11 : 35)) Thread.Sleep(1); // EAGAIN: the reader is slow and the pipe does not wait.
            else if (error != Interrupted) Fail(Marshal.GetPInvokeErrorMessage(error));
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Fail(string fault) => (Fault, _isClosed) = (Fault ?? fault, true);

    /// <summary>
    /// Where the program was started without it, the runtime may have got the number for a file of its own, which is closed for programs that it starts; that
    /// is not to be written to. Where the number is free, nobody else shall get it.
    /// </summary>
    private static bool IsTakenByOthers(int descriptor)
    {
        const int GetFlags = 1, ClosedForOthers = 1; // F_GETFD, FD_CLOEXEC
        var flags = Control(descriptor, GetFlags);
        if (flags >= 0) return (flags & ClosedForOthers) != 0;
        using var nowhere = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write);
        _ = Duplicate((int)nowhere.DangerousGetHandle(), descriptor);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int descriptor, int other);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteSome(int descriptor, ReadOnlySpan<byte> buffer, nuint count);
}
