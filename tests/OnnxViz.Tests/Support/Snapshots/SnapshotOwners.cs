using System.Reflection;
using OnnxViz.Graphs.Emit;
using Xunit;

namespace OnnxViz.Tests.Support.Snapshots;

/// <summary>
/// Knows, without running any, which tests ask for which snapshots: from the compiled tests their classes and methods, from the
/// source that a method asks at all and that its variants are spelled out or come from a member. So a filtered or parallel run judges as a whole one does.
/// </summary>
internal sealed class SnapshotOwners(Assembly assembly, string sources)
{
    private readonly ILookup<string, Type> _classes =
        assembly.GetTypes().Where(type => type.IsClass && !type.IsNested).ToLookup(type => type.Name);

    public static SnapshotOwners Default { get; } =
        new(typeof(SnapshotOwners).Assembly, Path.Combine(Repository.Root, "tests", "OnnxViz.Tests"));

    /// <summary>Null when a test asks for this snapshot, else why none does.</summary>
    public string? WhyOrphan(string testClass, string test, string? variant)
    {
        if (!_classes.Contains(testClass))
        {
            return $"there is no class {testClass}";
        }

        IEnumerable<MethodInfo> methods = _classes[testClass].SelectMany(type => type.GetMethods()).Where(method => method.Name == test);
        if (!methods.Any(method => method.GetCustomAttribute<FactAttribute>() is not null))
        {
            return $"{testClass} has no test {test}";
        }

        string? file = Directory.EnumerateFiles(sources, testClass + ".cs", SearchOption.AllDirectories).FirstOrDefault();
        if (file is null)
        {
            return $"there is no {testClass}.cs";
        }

        string source = File.ReadAllText(file);
        if (!BodyOf(test, source).Contains("Snapshot.", StringComparison.Ordinal))
        {
            return $"{testClass}.{test} does not call Snapshot";
        }

        bool isARow = methods.Any(method => method.GetCustomAttributes<MemberDataAttribute>().Any(data => data.GetData(method).Any(row => row.Contains(variant))));
        return variant is null || isARow || source.Contains($"\"{variant}\"", StringComparison.Ordinal)
            ? null
            : $"{testClass}.cs does not spell out the variant \"{variant}\"";
    }

    /// <summary>From the method's name to the next test's attributes, or the end.</summary>
    private static string BodyOf(string test, string source)
    {
        int start = Math.Max(0, source.IndexOf($" {test}(", StringComparison.Ordinal));
        int end = source.IndexOf("\n    [", start, StringComparison.Ordinal);
        return end < 0 ? source[start..] : source[start..end];
    }
}
