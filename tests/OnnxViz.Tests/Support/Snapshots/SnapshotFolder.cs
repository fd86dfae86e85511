namespace OnnxViz.Tests.Support.Snapshots;

/// <summary>The folder <c>Snapshots</c> under a root, and what may happen to a file in it.</summary>
internal sealed class SnapshotFolder(string root)
{
    public const string Name = "Snapshots";

    private const string Verified = "verified", Received = "received";

    /// <summary>Compares every item; leaves received files and pictures of differences for those that fail alone.</summary>
    /// <exception cref="SnapshotException">Something is new or differs.</exception>
    public void Verify(string testClass, string test, IEnumerable<SnapshotItem> items)
    {
        List<string> failures = [];
        foreach (SnapshotItem item in items)
        {
            string stem = Path.Combine(root, Name, testClass, item.Variant is null ? test : $"{test}.{item.Variant}");
            if (Check(item, stem) is { } failure)
            {
                failures.Add($"{failure.Outcome}: {Relative($"{stem}.{Received}.{item.Extension}")}\n    {failure.Why}");
            }
        }

        if (failures.Count > 0)
        {
            throw new SnapshotException(
                $"{failures.Count} snapshot(s) of {testClass}.{test} are not as accepted. "
                + $"Look at them; to accept one, rename .{Received}. to .{Verified}.\n  "
                + string.Join("\n  ", failures));
        }
    }

    /// <summary>Files that no test asks for, each with the reason.</summary>
    public IEnumerable<string> Orphans(SnapshotOwners owners)
    {
        string folder = Path.Combine(root, Name);
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string[] place = Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar);
            string[] parts = place[^1].Split('.');
            if (parts.Length >= 3 && (parts[^2] == Received || parts[^2..] is ["difference", "png"]))
            {
                continue;
            }

            if (place.Length != 2 || parts.Length < 3 || parts[^2] != Verified || parts[^1] is not ("png" or "txt"))
            {
                yield return $"{Relative(file)}: not named {Name}/<TestClass>/<Case>.{Verified}.png or .txt";
            }
            else if (owners.WhyOrphan(place[0], parts[0], parts.Length == 3 ? null : string.Join('.', parts[1..^2])) is { } why)
            {
                yield return $"{Relative(file)}: {why}";
            }
        }
    }

    private static (string Outcome, string Why)? Check(SnapshotItem item, string stem)
    {
        string verified = $"{stem}.{Verified}.{item.Extension}", received = $"{stem}.{Received}.{item.Extension}";
        string difference = $"{stem}.difference.png";
        Directory.CreateDirectory(Path.GetDirectoryName(stem)!);
        File.Delete(received);
        File.Delete(difference);
        if (!File.Exists(verified))
        {
            File.WriteAllBytes(received, item.Encode());
            return ("New", "nothing is accepted yet");
        }

        byte[] accepted = File.ReadAllBytes(verified);
        if (item.Compare(accepted) is not { } why)
        {
            return null;
        }

        File.WriteAllBytes(received, item.Encode());
        if (item.Difference(accepted) is { } picture)
        {
            File.WriteAllBytes(difference, picture);
            why += $"\n    verified | received | difference: {Path.GetFileName(difference)}";
        }

        return ("NotEqual", why);
    }

    private string Relative(string file) => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/');
}
