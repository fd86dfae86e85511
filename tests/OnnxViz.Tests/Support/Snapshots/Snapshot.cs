using System.Runtime.CompilerServices;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Compare;

namespace OnnxViz.Tests.Support.Snapshots;

/// <summary>
/// Compares results with accepted ones on Verify's conventions: <c>Snapshots/TestClass/Test.verified.png</c>, or
/// <c>Test.variant.verified.png</c> where a test has several. What is new or differs is written beside it as <c>.received.</c>
/// and the test fails, always and everywhere; to accept is to rename the file by hand.
/// </summary>
internal static class Snapshot
{
    /// <summary>Pictures may differ by <see cref="ImageTolerance.Default"/> unless told otherwise.</summary>
    public static void Verify(
        Image picture,
        string? variant = null,
        ImageTolerance? tolerance = null,
        [CallerFilePath] string file = "",
        [CallerMemberName] string test = "") =>
        VerifyAll([new PictureSnapshot(variant, picture, tolerance)], file, test);

    /// <summary>Texts must be equal but for line ends.</summary>
    public static void Verify(
        string text, string? variant = null, [CallerFilePath] string file = "", [CallerMemberName] string test = "") =>
        VerifyAll([new TextSnapshot(variant, text)], file, test);

    /// <summary>Several results of one test; one message lists all that fail.</summary>
    public static void VerifyAll(
        IEnumerable<SnapshotItem> items, [CallerFilePath] string file = "", [CallerMemberName] string test = "")
    {
        SnapshotItem[] all = [.. items];
        string testClass = Path.GetFileNameWithoutExtension(file);
        foreach (SnapshotItem item in all)
        {
            // What the search for orphans would not find again must not come into being.
            if (SnapshotOwners.Default.WhyOrphan(testClass, test, item.Variant) is { } why)
            {
                throw new InvalidOperationException($"This snapshot would be an orphan: {why}");
            }
        }

        new SnapshotFolder(Repository.Root).Verify(testClass, test, all);
    }
}
