using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using OnnxViz.Graphs.Emit;
using OnnxViz.Options;

namespace OnnxViz.Cli.Shell;

/// <summary>An option of the library that a verb offers.</summary>
/// <param name="Option">From an options record.</param>
/// <param name="Default">What help says of its default; null for nothing.</param>
internal sealed record BoundOption(Option Option, string? Default);

/// <summary>
/// Gives a verb the options of the library's records. The parser knows the options of a type, so each verb that has a static
/// property Bound is parsed as a type derived from it at run time, with a property for each of them; those not given are null.
/// </summary>
internal static class Binding
{
    private static readonly ConcurrentDictionary<Type, Lazy<Type>> Derived = new();

    private static readonly Lazy<ModuleBuilder> Module = new(() =>
        AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("OnnxViz.Cli.Bound"), AssemblyBuilderAccess.Run).DefineDynamicModule("Bound"));

    /// <param name="records">With their defaults.</param>
    public static IEnumerable<BoundOption> Of(params IEnumerable<object> records) =>
        records.SelectMany(r => OptionTable.Of(r.GetType()).Select(o => new BoundOption(o, o.DefaultIn(r))));

    /// <summary>The options that a verb takes from records.</summary>
    public static IReadOnlyList<BoundOption> Of(Type verb) =>
        verb.GetProperty("Bound", BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy)?.GetValue(null) is IEnumerable<BoundOption> bound ? [.. bound] : [];

    /// <summary>The type that the parser fills.</summary>
    public static Type TypeOf(Type verb) =>
        Derived.GetOrAdd(verb, static v => new(() => !v.Assembly.IsDynamic && Of(v) is { Count: > 0 } bound ? Derive(v, bound) : v)).Value;

    /// <summary>A copy of the record with what was given on the command line.</summary>
    /// <exception cref="OnnxVizException">A value that an option cannot take.</exception>
    public static T Onto<T>(this VerbOptions verb, T record)
        where T : notnull
    {
        var names = OptionTable.Of(record.GetType()).Select(o => o.Name).ToHashSet();
        return OptionTable.With(record, verb.Given().Where(g => names.Contains(g.Name)));
    }

    /// <summary>Options of records that were given, by name, with their texts.</summary>
    public static IEnumerable<(string Name, string Text)> Given(this VerbOptions verb)
    {
        foreach (var property in verb.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            if (!IsBound(property)) continue;
            var name = property.GetCustomAttribute<CommandLine.OptionAttribute>()!.LongName;
            if (property.GetValue(verb) is string text) yield return (name, text);
            else if (property.GetValue(verb) is true) yield return (name, "true");
        }
    }

    /// <summary>Whether a property of a parsed verb came from a record.</summary>
    public static bool IsBound(PropertyInfo property) => property.DeclaringType!.Assembly.IsDynamic;

    private static Type Derive(Type verb, IReadOnlyList<BoundOption> options)
    {
        var type = Module.Value.DefineType(verb.Name, TypeAttributes.Public | TypeAttributes.Sealed, verb);
        foreach (var bound in options.DistinctBy(o => o.Option.Name)) Add(type, bound);
        return type.CreateType();
    }

    private static void Add(TypeBuilder type, BoundOption bound)
    {
        var option = bound.Option;
        var isFlag = option.Type == typeof(bool);
        var of = isFlag ? typeof(bool) : typeof(string);
        var field = type.DefineField($"_{option.Property}", of, FieldAttributes.Private);
        var property = type.DefineProperty(option.Property, PropertyAttributes.None, of, null);
        const MethodAttributes Accessor = MethodAttributes.Public | MethodAttributes.SpecialName | MethodAttributes.HideBySig;

        var get = type.DefineMethod($"get_{option.Property}", Accessor, of, null);
        var code = get.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldfld, field);
        code.Emit(OpCodes.Ret);
        property.SetGetMethod(get);

        var set = type.DefineMethod($"set_{option.Property}", Accessor, null, [of]);
        code = set.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Stfld, field);
        code.Emit(OpCodes.Ret);
        property.SetSetMethod(set);

        var attribute = typeof(CommandLine.OptionAttribute);
        var help = bound.Default is { } usual ? $"{option.Help.TrimEnd('.')} ({usual})." : option.Help;
        property.SetCustomAttribute(new CustomAttributeBuilder(
            attribute.GetConstructor([typeof(string)])!,
            [option.Name],
            [attribute.GetProperty("HelpText")!, attribute.GetProperty("MetaValue")!],
            [help, isFlag ? "" : option.Form]));
    }
}
