using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Brings one npm package into a folder, once: npm pack (or a .tgz that somebody brought), checksum, the wanted files, one rename.
/// MSBuild compiles this file by itself (RoslynCodeTaskFactory, netstandard2.0); it is in no assembly of ours, and there is no
/// System.Formats.Tar here. The finished folder is CACHE/PACKAGE-VERSION with a file .complete in it.
/// </summary>
public class FetchNpmPackage : Task, ICancelableTask
{
    private readonly CancellationTokenSource cancelled = new CancellationTokenSource();

    [Required]
    public string Package { get; set; }

    [Required]
    public string Version { get; set; }

    /// <summary>As npm writes it: "sha512-" and base64.</summary>
    [Required]
    public string Integrity { get; set; }

    /// <summary>Paths inside the package; one that ends in / is a folder.</summary>
    [Required]
    public string[] Files { get; set; }

    [Required]
    public string Cache { get; set; }

    /// <summary>A folder with PACKAGE-VERSION.tgz, used instead of npm.</summary>
    public string BroughtDir { get; set; }

    private string FolderName => Package + "-" + Version;

    public void Cancel() => cancelled.Cancel();

    public override bool Execute()
    {
        try
        {
            Directory.CreateDirectory(Cache);
            var finished = Path.Combine(Cache, FolderName);
            using (WaitForLock())
            {
                // Another build may have done the work while this one waited.
                if (File.Exists(Path.Combine(finished, ".complete")))
                    return true;
                Fetch(finished);
                return true;
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (FetchException e)
        {
            Log.LogError(null, "ORT002", null, null, 0, 0, 0, 0, "{0}", e.Message);
        }
        catch (Exception e) when (e is IOException || e is UnauthorizedAccessException || e is InvalidDataException)
        {
            Log.LogError(null, "ORT003", null, null, 0, 0, 0, 0, "{0}", "Cannot unpack " + FolderName + " into " + Cache + ": " + e.Message);
        }

        return false;
    }

    private void Fetch(string finished)
    {
        var work = finished + ".part";
        Delete(work);
        Delete(finished);
        Directory.CreateDirectory(work);
        try
        {
            var archive = string.IsNullOrEmpty(BroughtDir) ? NpmPack(work) : Brought();
            Check(archive);
            var content = Path.Combine(work, "content");
            Extract(archive, content);
            File.WriteAllText(Path.Combine(content, ".complete"), Integrity + "\n");
            Directory.Move(content, finished);
        }
        finally
        {
            Delete(work);
        }
    }

    /// <summary>An open file that no other process can open: several builds may want the same package at once.</summary>
    private FileStream WaitForLock()
    {
        var path = Path.Combine(Cache, FolderName + ".lock");
        for (var tries = 0; ; tries++)
        {
            cancelled.Token.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries < 3000)
            {
                if (tries == 10)
                    Log.LogMessage(MessageImportance.High, "Waiting for another build that is fetching " + FolderName + ".");
                Thread.Sleep(200);
            }
        }
    }

    private string Brought()
    {
        var path = Path.Combine(BroughtDir, FolderName + ".tgz");
        return File.Exists(path) ? path : throw new FetchException(
            "No " + FolderName + ".tgz in OrtPackageDir (" + BroughtDir + "). Make it where there is a network: npm pack " + Package + "@" + Version + ".");
    }

    private string NpmPack(string folder)
    {
        Log.LogMessage(MessageImportance.High, "Fetching " + Package + " " + Version + " with npm, once.");
        var arguments = "pack " + Package + "@" + Version + " --loglevel=error --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000";
        var windows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
        // On Windows npm is a .cmd file, which only a shell can start.
        var start = windows ? new ProcessStartInfo("cmd.exe", "/d /c npm " + arguments) : new ProcessStartInfo("npm", arguments);
        start.WorkingDirectory = folder;
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;

        var errors = new StringBuilder();
        int exit;
        try
        {
            exit = Run(start, errors);
        }
        catch (Win32Exception e)
        {
            var why = e.NativeErrorCode == 2 ? "was not found in PATH" : "could not be started: " + e.Message;
            throw new FetchException("npm is needed to fetch ONNX Runtime (" + FolderName + ") and " + why + ". " + Advice);
        }

        cancelled.Token.ThrowIfCancellationRequested();
        var archive = Directory.GetFiles(folder, "*.tgz").FirstOrDefault();
        if (exit == 0 && archive != null)
            return archive;
        var said = string.Join(" | ", errors.ToString().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).Take(4));
        throw new FetchException("npm could not fetch " + Package + "@" + Version + " (exit code " + exit + "): " + said + ". " + Advice);
    }

    private static string Advice =>
        "Install Node.js (it brings npm) and see that npm reaches its registry; or build with -p:OrtSource=nuget to take ONNX Runtime from NuGet, "
        + "or with -p:OrtPackageDir=FOLDER where FOLDER holds the .tgz of npm pack from another machine.";

    private int Run(ProcessStartInfo start, StringBuilder errors)
    {
        using (var process = new Process { StartInfo = start })
        {
            process.OutputDataReceived += (_, line) => { };
            process.ErrorDataReceived += (_, line) => { lock (errors) errors.Append(line.Data).Append('\n'); };
            process.Start();
            process.StandardInput.Close();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            using (cancelled.Token.Register(() => Kill(process)))
                process.WaitForExit();
            return process.ExitCode;
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    private void Check(string archive)
    {
        using (var sha = SHA512.Create())
        using (var stream = File.OpenRead(archive))
        {
            var actual = "sha512-" + Convert.ToBase64String(sha.ComputeHash(stream));
            if (actual != Integrity)
            {
                throw new FetchException(
                    "The checksum of " + Path.GetFileName(archive) + " is " + actual + ", but " + Integrity
                    + " is pinned in src/OnnxRuntime/Source.props. The file was damaged or replaced; nothing was taken from it.");
            }
        }
    }

    /// <summary>Reads a tar of plain ustar headers. Names over 255 bytes come with extra headers, which no wanted file has.</summary>
    private void Extract(string archive, string folder)
    {
        var missing = Files.ToList();
        using (var file = File.OpenRead(archive))
        using (var tar = new GZipStream(file, CompressionMode.Decompress))
        {
            var block = new byte[512];
            while (Fill(tar, block, 512) && block[0] != 0)
            {
                var prefix = Text(block, 345, 155);
                var name = (prefix.Length > 0 ? prefix + "/" : "") + Text(block, 0, 100);
                var size = Convert.ToInt64(Text(block, 124, 12).Trim(), 8);
                var inPackage = name.Substring(name.IndexOf('/') + 1);
                var wanted = Files.FirstOrDefault(f => f.EndsWith("/") ? inPackage.StartsWith(f) : inPackage == f);
                var plain = block[156] == 0 || block[156] == (byte)'0';
                var take = plain && wanted != null && !inPackage.EndsWith(".meta") && !inPackage.Contains("..");
                if (take)
                    missing.Remove(wanted);
                Copy(tar, take ? Path.Combine(folder, inPackage) : null, size);
            }
        }

        if (missing.Count > 0)
            throw new FetchException(Path.GetFileName(archive) + " lacks " + string.Join(", ", missing) + ".");
    }

    /// <summary>Moves past one entry's data and its padding, into a file if there is a path.</summary>
    private void Copy(Stream tar, string path, long size)
    {
        if (path != null)
            Directory.CreateDirectory(Path.GetDirectoryName(path));
        var buffer = new byte[1 << 16];
        using (var target = path == null ? Stream.Null : File.Create(path))
        {
            var padded = (size + 511) / 512 * 512;
            for (long done = 0; done < padded;)
            {
                cancelled.Token.ThrowIfCancellationRequested();
                var part = (int)Math.Min(buffer.Length, padded - done);
                if (!Fill(tar, buffer, part))
                    throw new InvalidDataException("the archive ends too early");
                target.Write(buffer, 0, (int)Math.Max(0, Math.Min(part, size - done)));
                done += part;
            }
        }
    }

    private static bool Fill(Stream stream, byte[] buffer, int count)
    {
        for (var done = 0; done < count;)
        {
            var read = stream.Read(buffer, done, count - done);
            if (read == 0)
                return false;
            done += read;
        }

        return true;
    }

    private static string Text(byte[] block, int start, int length)
    {
        var end = Array.IndexOf(block, (byte)0, start, length);
        return Encoding.UTF8.GetString(block, start, (end < 0 ? start + length : end) - start);
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, true);
    }

    private class FetchException : Exception
    {
        public FetchException(string message)
            : base(message)
        {
        }
    }
}
