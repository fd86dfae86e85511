using OnnxViz.Cli;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Cli;

/// <summary>Verbs -> Results -> Shared -> Shell, and no verb knows another.</summary>
public class CliLayeringTests
{
    private const string Root = "OnnxViz.Cli.";

    /// <summary>The tour runs the others.</summary>
    private const string Tour = "Verbs.Demo";

    /// <summary>To be taken apart.</summary>
    private static readonly string[] Known = ["Verbs.Invert uses Verbs.Maximize", "Verbs.Segment uses Verbs.Saliency"];

    private static readonly string[] Floors = ["Shell", "Shared", "Results", "Verbs"];

    private static readonly (string By, string Used)[] Uses =
    [
        .. from type in typeof(VerbList).Assembly.GetTypes()
           let owner = PartOf(type)
           where owner is not null
           from used in TypeUses.Of(type)
           let part = PartOf(used)
           where part is not null && part != owner
           select (owner, part),
    ];

    [Fact]
    public void Floors_know_only_those_below()
    {
        Assert.Contains(Uses, u => (Floor(u.By), Floor(u.Used)) == (3, 2));
        Assert.Empty(Uses.Where(u => Floor(u.By) < Floor(u.Used)).Select(u => $"{u.By} uses {u.Used}").Distinct());
    }

    [Fact]
    public void Verbs_do_not_know_each_other()
    {
        var pairs = Uses.Where(u => u.By != Tour && (Floor(u.By), Floor(u.Used)) == (3, 3)).Select(u => $"{u.By} uses {u.Used}").Distinct();
        Assert.Empty(pairs.Except(Known));
        Assert.Contains(Uses, u => u.By == Tour && Floor(u.Used) == 3);
    }

    [Fact]
    public void Every_verb_has_a_folder_of_its_own() =>
        Assert.Equal(VerbList.All.Count, VerbList.All.Select(PartOf).Where(part => part!.StartsWith("Verbs.", StringComparison.Ordinal)).Distinct().Count());

    private static int Floor(string part) => Array.IndexOf(Floors, part.Split('.')[0]);

    private static string? PartOf(Type type)
    {
        while (type.DeclaringType is { } outer) type = outer;
        return type.Namespace?.StartsWith(Root, StringComparison.Ordinal) == true ? type.Namespace[Root.Length..] : null;
    }
}
