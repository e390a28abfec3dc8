using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Data;

/// <summary>
/// Enums as words in the database: <c>RequiresAction</c> is stored as <c>requires_action</c>, and a CHECK refuses every
/// other word.
/// </summary>
public static class TextCodes
{
    /// <summary>The stored spelling of one value.</summary>
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum => SnakeCase.Of(value.ToString());

    /// <exception cref="InvalidOperationException">The text is not a code of <typeparamref name="TEnum"/>.</exception>
    public static TEnum Parse<TEnum>(string code)
        where TEnum : struct, Enum
    {
        foreach (var value in Enum.GetValues<TEnum>())
        {
            if (Of(value) == code)
            {
                return value;
            }
        }

        throw new InvalidOperationException($"'{code}' is not a code of {typeof(TEnum).Name}.");
    }

    /// <summary>Stores the property as its code and adds the CHECK. For a required property.</summary>
    public static PropertyBuilder<TEnum> HasCode<TEntity, TEnum>(
        this EntityTypeBuilder<TEntity> entity, Expression<Func<TEntity, TEnum>> property)
        where TEntity : class
        where TEnum : struct, Enum
    {
        var built = entity.Property(property).HasConversion(value => Of(value), code => Parse<TEnum>(code));
        AddCheck<TEntity, TEnum>(entity, built.Metadata.Name);
        return built;
    }

    /// <summary>Stores the property as its code and adds the CHECK. For a property that may be null.</summary>
    public static PropertyBuilder<TEnum?> HasCode<TEntity, TEnum>(
        this EntityTypeBuilder<TEntity> entity, Expression<Func<TEntity, TEnum?>> property)
        where TEntity : class
        where TEnum : struct, Enum
    {
        var built = entity.Property(property).HasConversion(
            value => value == null ? null : Of(value.Value), code => code == null ? null : Parse<TEnum>(code));
        AddCheck<TEntity, TEnum>(entity, built.Metadata.Name);
        return built;
    }

    private static void AddCheck<TEntity, TEnum>(EntityTypeBuilder<TEntity> entity, string property)
        where TEntity : class
        where TEnum : struct, Enum
    {
        var column = SnakeCase.Of(property);
        var codes = string.Join(", ", Enum.GetValues<TEnum>().Select(value => $"'{Of(value)}'"));
        var table = SnakeCase.Of(entity.Metadata.GetTableName()!);
        entity.ToTable(built => built.HasCheckConstraint($"ck_{table}_{column}", $"{column} IN ({codes})"));
    }
}
