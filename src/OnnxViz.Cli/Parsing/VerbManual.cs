using System.Reflection;
using CommandLine;

namespace OnnxViz.Cli.Parsing;

/// <summary>What the attributes say about a verb.</summary>
internal static class VerbManual
{
    public static string NameOf(VerbOptions verb) => verb.GetType().GetCustomAttribute<VerbAttribute>()!.Name;

    public static IEnumerable<(OptionAttribute Option, PropertyInfo Property)> Options(Type verb) =>
        from property in verb.GetProperties()
        let option = property.GetCustomAttribute<OptionAttribute>()
        where option is not null
        select (option, property);
}
