using OnnxViz.Imaging.Files;
using OnnxViz.Options;

namespace OnnxViz.Cli.Shell;

/// <summary>Marks an option or argument that names pictures or folders of them.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NamesPicturesAttribute : Attribute;

/// <summary>The photographs that the program carries: where no such file exists their names stand for them, and "images" for all of them.</summary>
internal static class CarriedPictures
{
    private const string All = "images";

    /// <summary>Puts the carried pictures in the place of their names.</summary>
    /// <param name="verb">Just parsed.</param>
    /// <param name="streams">One line for each name that stood for a carried picture, but for --quiet and --json.</param>
    public static void Into(VerbOptions verb, Streams streams)
    {
        var files = Binding.Of(verb.GetType()).Where(b => b.Option.Type.IsAssignableTo(typeof(IFromFiles))).Select(b => b.Option.Property).ToHashSet();
        foreach (var property in verb.GetType().GetProperties())
        {
            if (!property.IsDefined(typeof(NamesPicturesAttribute), inherit: true) && !(Binding.IsBound(property) && files.Contains(property.Name))) continue;
            if (property.GetValue(verb) is string name) property.SetValue(verb, Resolve(name));
            else if (property.GetValue(verb) is IEnumerable<string> names && names.Any(n => Find(n) is not null)) property.SetValue(verb, names.Select(Resolve).ToArray());
        }

        string Resolve(string name)
        {
            if (Find(name) is not { } path) return name;
            if (verb is { Json: false, Quiet: false }) streams.Error.WriteLine($"There is no '{name}' here: the program's own is taken, {path}.");
            return path;
        }
    }

    /// <summary>Where what is carried under a name lies; null where nothing is, or where the name is that of a file or a folder.</summary>
    internal static string? Find(string name)
    {
        if (name.Length == 0 || Path.GetFileName(name) != name || (name != All && !ImageFile.HasPictureExtension(name)) || Path.Exists(name)) return null;
        var path = name == All ? Path.Combine(CarriedFiles.Folder, All) : Path.Combine(CarriedFiles.Folder, All, name);
        return Path.Exists(path) ? path : null;
    }
}
