namespace OnnxViz.Pull;

/// <summary>Brings a known model's file to where it is looked for, and never another file.</summary>
/// <param name="limits">How patient a download is.</param>
internal sealed class ModelPull(DownloadLimits? limits = null)
{
    /// <summary>The environment variable that names an address below which all files lie: a mirror.</summary>
    public const string Mirror = "ONNXVIZ_MIRROR";

    /// <param name="model">Of models.json.</param>
    /// <param name="final">Where its file goes.</param>
    /// <param name="from">
    /// An address or a path: of the file where it ends in .onnx, and else of what holds it under the name that it has in models.json. null for the
    /// mirror that <see cref="Mirror"/> names, or else what models.json says.
    /// </param>
    /// <param name="progress">Is told the bytes that are there.</param>
    /// <param name="token">Ends it; what has arrived stays for the next time.</param>
    /// <returns>Whether anything had to be fetched.</returns>
    /// <exception cref="OnnxVizException">No connection, another file, not writable, no room.</exception>
    public async Task<bool> Fetch(KnownModel model, string final, string? from, IProgress<long>? progress, CancellationToken token)
    {
        if (IsThere(model, final)) return false;
        var source = SourceOf(model, from ?? (model.Download is null ? null : Environment.GetEnvironmentVariable(Mirror)) ?? "");
        using var part = PartFile.Open(final, model.Size);
        try
        {
            // What an earlier run left may be of another file, or damaged: then the whole is fetched once more.
            var wasBegun = part.Length > 0;
            await Fill(part, source, model, progress, token);
            if (part.Finish(model.Sha256) is null) return true;
            if (!wasBegun) throw Another(source, model);
            await Fill(part, source, model, progress, token);
            return part.Finish(model.Sha256) is null ? true : throw Another(source, model);
        }
        catch (OnnxVizException e) when (e.Argument == nameof(KnownModel.Source))
        {
            throw new OnnxVizException(e.Fault, $"{e.Message} Fetched in another way, the file ({model.Size:N0} bytes, SHA-256 {model.Sha256}) belongs at '{final}'.", e) { Argument = e.Argument };
        }
    }

    private static bool IsThere(KnownModel model, string path)
    {
        if (new FileInfo(path) is not { Exists: true } there || there.Length != model.Size) return false;
        using var file = OpenFile.At(path);
        return file.Sha256() == model.Sha256;
    }

    private async Task Fill(PartFile part, Uri source, KnownModel model, IProgress<long>? progress, CancellationToken token)
    {
        if (source.IsFile)
        {
            Copy(source.LocalPath, part, model, progress, token);
            return;
        }

        using var http = Download.NewClient();
        await new Download(http, limits ?? new DownloadLimits()).Fetch(source, part, model.Size, progress, token);
    }

    private static Uri SourceOf(KnownModel model, string from)
    {
        if (from.Length == 0) from = model.Download ?? throw OnnxVizException.Usage($"{model.Name} is offered nowhere as a file of its own; it comes from {model.Source}.", argument: nameof(KnownModel.Source));
        if (Path.IsPathFullyQualified(from) || !Uri.TryCreate(from, UriKind.Absolute, out var address)) address = new Uri(Path.GetFullPath(from));
        if (address.IsFile) return Directory.Exists(address.LocalPath) ? new Uri(Path.Combine(address.LocalPath, model.File)) : address;
        if (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp) throw OnnxVizException.BadArgument("From", $"{from}: http, https or a file is needed.");
        return address.AbsolutePath.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? address : new Uri($"{address.AbsoluteUri.TrimEnd('/')}/{Uri.EscapeDataString(model.File)}");
    }

    private static void Copy(string path, PartFile part, KnownModel model, IProgress<long>? progress, CancellationToken token)
    {
        using var file = OpenFile.At(path);
        if (file.Length != model.Size)
            throw OnnxVizException.Input($"'{path}' has {file.Length:N0} bytes where {model.Size:N0} are expected: it is another file.", argument: nameof(KnownModel.Source));
        part.Restart();
        var buffer = new byte[1 << 20];
        while (part.Length < file.Length)
        {
            token.ThrowIfCancellationRequested();
            var piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, file.Length - part.Length));
            file.Read(part.Length, piece);
            part.Append(piece);
            progress?.Report(part.Length);
        }
    }

    private static OnnxVizException Another(Uri source, KnownModel model) =>
        OnnxVizException.Input($"What '{(source.IsFile ? source.LocalPath : source)}' brings is not {model.Name}: its SHA-256 is not {model.Sha256[..12]}....", argument: nameof(KnownModel.Source));
}
