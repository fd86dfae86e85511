using OnnxViz.Caching;
using Xunit;

namespace OnnxViz.Tests.Caching;

public class CachePlaceTests
{
    private static readonly string Root = Path.GetPathRoot(Path.GetTempPath())!;

    [Fact]
    public void The_variable_comes_first_and_off_keeps_nothing()
    {
        var folder = Path.Combine(Root, "mine");
        Assert.Equal(folder, Found(("ONNXVIZ_CACHE", folder), ("XDG_CACHE_HOME", Root), ("HOME", Root)));
        Assert.Equal(Path.GetFullPath("mine"), Found(("ONNXVIZ_CACHE", "mine")));
        Assert.Null(Found(("ONNXVIZ_CACHE", "off"), ("XDG_CACHE_HOME", Root), ("HOME", Root)));
        Assert.Null(Found(("ONNXVIZ_CACHE", "OFF"), ("HOME", Root)));
    }

    [Fact]
    public void Then_what_the_desktop_says_then_the_systems_own_place()
    {
        var home = Path.Combine(Root, "home", "ada");
        var own = OperatingSystem.IsWindows() ? Path.Combine(home, "onnxviz", "cache")
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches", "onnxviz")
            : Path.Combine(home, ".cache", "onnxviz");
        var atHome = ("HOME", home);
        Assert.Equal(Path.Combine(Root, "xdg", "onnxviz"), Found(("ONNXVIZ_CACHE", ""), ("XDG_CACHE_HOME", Path.Combine(Root, "xdg")), atHome));
        Assert.Equal(own, Found(("XDG_CACHE_HOME", "relative"), atHome, ("LOCALAPPDATA", home)));
        Assert.Equal(own, Found(("XDG_CACHE_HOME", ""), atHome, ("LOCALAPPDATA", home)));
    }

    [Fact]
    public void Whoever_has_no_home_has_no_cache() => Assert.Null(Found(("HOME", "")));

    [Fact]
    public void Models_that_were_fetched_have_a_place_of_their_own()
    {
        var home = Path.Combine(Root, "home", "ada");
        var own = OperatingSystem.IsWindows() ? Path.Combine(home, "onnxviz", "models")
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Application Support", "onnxviz", "models")
            : Path.Combine(home, ".local", "share", "onnxviz", "models");
        Assert.Equal(own, UserFolder.Find(name => name is "HOME" or "LOCALAPPDATA" ? home : null, UserFolderKind.Models));
        Assert.Equal(Path.Combine(Root, "onnxviz", "models"), UserFolder.Find(name => name == "XDG_DATA_HOME" ? Root : null, UserFolderKind.Models));
    }

    private static string? Found(params (string Name, string Value)[] variables) =>
        CachePlace.Find(name => variables.Where(v => v.Name == name).Select(v => v.Value).FirstOrDefault());
}
